/** Every size and count that bounds input and output, in one place. */
export const limits = {
  /** A run's input as JSON; larger ones are refused by the workflow before any activity. */
  inputBytes: 64 * 1024,
  /** The report as the workflow's result; the server refuses payloads of 2 MiB. */
  reportBytes: 256 * 1024,
  /** What one attempt may print before its log is cut. */
  logBytes: 1024 * 1024,
  /** How much of an attempt's output stands in a failure and in the current details. */
  outputTailBytes: 2 * 1024,
  /** The UI carries the current details in a URL. */
  currentDetailsBytes: 4 * 1024,
  /** A platform or runbook definition file. */
  fileBytes: 256 * 1024,
  /** Aliases resolved in one YAML file: enough for anchors, too few for a bomb. */
  yamlAliases: 100,
  /** Targets of one fan-out, and names in one parameter of the type `services`. */
  fanOutTargets: 256,
  /** How long a step may wait for a decision when that is bounded: 30 days. */
  parkTimeoutMs: 30 * 86_400_000,
  /** Keys and list items of one YAML file: ten times what the largest platform needs. */
  yamlEntries: 5000,
  /** How deep a YAML file may be nested. */
  yamlDepth: 50,
  /** Lost attempts of one step before it parks. */
  lostAttempts: 5,
  /** How long Docker may be away (its restart, an upgrade) before attempts count as tries. */
  outageMs: 180_000,
  /** How long a run may wait for an approval: 10 s to 30 days. */
  approvalExpiry: { leastMs: 10_000, mostMs: 720 * 3_600_000 },
  /** How often a gate opens anew because the plan was another after the last approval. */
  gateOpenings: 5,
  /** Events of a history, newest first, in which the update behind an approval is looked for. */
  identityEvents: 5_000,
  /** A key file of the codec: some hundred keys. */
  codecKeyFileBytes: 64 * 1024,
  /** A request to the codec server; a payload has at most 2 MiB, a third more as JSON. */
  codecBodyBytes: 8 * 1024 * 1024,
  /** Payloads in one request to the codec server. */
  codecPayloads: 10_000,
  /** Connections to the codec server at a time: a page asks for every payload on its own. */
  codecConnections: 1000,
  /** Compose files of a platform, with those that they lead to: an include that leads back ends here. */
  composeFiles: 100,
  /** Containers of one project that `init` looks at. */
  discoveredContainers: 500,
  /** Latest events of a secret in one answer. */
  secretEvents: 500,
  /** Secrets that are proved side by side. */
  secretProofs: 4,
  /** Files of one mounted folder that are looked at for credentials. */
  mountedFiles: 200,
  /** What a step may show word for word in a plan: the diff of files. */
  planDetailsBytes: 48 * 1024,
  /** Settings of a kind that `init` tries on a service, one question each. */
  triedSettings: 12,
  /** An answer of Keycloak's; what it says of itself is 320 KiB. */
  keycloakAnswerBytes: 4 * 1024 * 1024,
} as const;
