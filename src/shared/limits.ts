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
  /** Keys and list items of one YAML file: ten times what the largest platform needs. */
  yamlEntries: 5000,
  /** How deep a YAML file may be nested. */
  yamlDepth: 50,
  /** Lost attempts of one step before it parks. */
  lostAttempts: 5,
  /** How long Docker may be away (its restart, an upgrade) before attempts count as tries. */
  outageMs: 180_000,
} as const;
