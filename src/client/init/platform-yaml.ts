import type { DiscoveredService, Discovery } from '../local/discovery.ts';
import { count, wrap } from '../render/text.ts';
import type { Target } from './target.ts';
import type { FoundEnvironment, FoundVariable } from './variables.ts';

/** Everything that is known about a project before it becomes a platform file. */
export interface Draft {
  readonly target: Target;
  readonly discovery: Discovery;
  readonly environment: FoundEnvironment;
  /** Of the JSON schema, for editors. */
  readonly schemaPath: string;
}

const columns = 100;
const defaultHealthTimeoutMs = 120_000;

/** The platform file as text: each guess with its reason above it, `TODO` where there was none to make. */
export function platformYaml(draft: Draft): string {
  const { target, discovery, environment, schemaPath } = draft;
  return [
    `# yaml-language-server: $schema=${schemaPath}`,
    ...comment(
      0,
      `Made by \`runbook init\` from ${sources(draft)}. Each guess has its reason above it; what could not be told is marked TODO. After a change: runbook validate`,
    ),
    'schema: runbook.platform/v1',
    `name: ${scalar(target.project)}`,
    '# title: TODO one line for people',
    '',
    'compose:',
    ...comment(2, projectReason(target)),
    `  project: ${scalar(target.project)}`,
    `  files: ${list(target.files)}`,
    ...profileLines(target, discovery),
    '',
    'environment:',
    ...environmentLines(environment, target.otherEnvFiles),
    '',
    ...(discovery.services.length === 0
      ? ['services: {}']
      : ['services:', ...discovery.services.flatMap((service) => serviceLines(service))]),
    '',
  ].join('\n');
}

function sources({ target, discovery }: Draft): string {
  const files = target.files.join(', ');
  return discovery.containers === 0
    ? `${files} alone: the project has no containers`
    : `${files} and ${count(discovery.containers, 'container')} of the project`;
}

const projectReason = ({ hasContainers }: Target) =>
  hasContainers
    ? 'The name and the files stand in the labels of the containers.'
    : 'Nothing runs: the name and the files are those that Compose would take in this folder. TODO check them.';

function profileLines({ hasContainers }: Target, { profiles }: Discovery): readonly string[] {
  if (profiles.length === 0) return [];
  const why = hasContainers
    ? 'Services of these profiles have containers.'
    : 'COMPOSE_PROFILES of the environment file names them.';
  return [...comment(2, why), `  profiles: ${list(profiles)}`];
}

function environmentLines(
  { file, exists, example, variables, literalSecrets }: FoundEnvironment,
  others: readonly string[],
): readonly string[] {
  return [
    ...(exists ? [] : comment(2, `There is no ${file}; a deploy writes it.`)),
    ...others.flatMap((other) =>
      comment(
        2,
        `TODO Compose reads ${other} as well, or read it and it is gone; a platform has one file.`,
      ),
    ),
    `  file: ${scalar(file)}`,
    ...(example === '.env.example'
      ? []
      : comment(2, 'The .env.example that is there stays yours.')),
    `  example: ${scalar(example)}`,
    ...literalSecrets.flatMap(({ name, place }) =>
      comment(
        2,
        `TODO ${place} gives ${name} its value for everybody to read; a variable would not.`,
      ),
    ),
    ...(variables.length === 0
      ? ['  variables: {}']
      : [
          '  variables:',
          ...comment(4, 'TODO say what each is for: deploy writes it above the variable.'),
          ...variables.flatMap(variableLines),
        ]),
  ];
}

function variableLines({ name, description, required, looksSecret, todo }: FoundVariable) {
  return [
    ...(looksSecret
      ? comment(
          4,
          'Called like a secret. `secret: { length: 32 }`, instead of `required`, lets a deploy keep it in the store, and make one up where there is none.',
        )
      : []),
    ...(todo === undefined ? [] : comment(4, `TODO ${todo}.`)),
    ...mapping(4, name, [
      ['description', JSON.stringify(description)],
      ...(required ? [['required', 'true'] as const] : []),
    ]),
  ];
}

function serviceLines(service: DiscoveredService): readonly string[] {
  const { name, kind, members, settings, startMs = 0, todo } = service;
  const isAlone = members.length === 1 && members[0] === name;
  const given = Object.entries(settings).map(([key, value]) => `${key}: ${scalar(String(value))}`);
  const timeout = startMs > defaultHealthTimeoutMs ? `${Math.ceil(startMs / 1000)}s` : undefined;
  return [
    ...comment(2, guessWords(service)),
    ...waitLines(service),
    ...(timeout === undefined ? [] : comment(2, 'Its health check may take that long.')),
    ...(todo === undefined ? [] : comment(2, `TODO ${todo}`)),
    ...mapping(2, name, [
      ['kind', kind],
      ...(isAlone ? [] : [['members', list(members)] as const]),
      ...(timeout === undefined ? [] : [['healthTimeout', timeout] as const]),
      ...(given.length === 0 ? [] : [['settings', `{ ${given.join(', ')} }`] as const]),
    ]),
  ];
}

function guessWords({ kind, certainty, reasons, answer }: DiscoveredService): string {
  const sure = certainty[0]?.toUpperCase() + certainty.slice(1);
  const who = kind === 'container' ? 'Docker' : 'asked, it';
  const asked = answer === undefined ? '' : `; ${who} says: ${answer}`;
  return `${sure}: ${reasons.join(', ')}${asked}.`;
}

const conditions: Readonly<Record<string, string>> = {
  service_healthy: 'healthy',
  service_started: 'started',
  service_completed_successfully: 'ended well',
};

function waitLines({ waitsFor, members }: DiscoveredService): readonly string[] {
  const others = Object.entries(waitsFor).filter(([name]) => !members.includes(name));
  if (others.length === 0) return [];
  const words = others.map(
    ([name, condition]) => `${name} (${conditions[condition] ?? condition})`,
  );
  return comment(2, `Waits for ${words.join(', ')}.`);
}

type Entry = readonly [key: string, text: string];

/** On one line while it fits. */
function mapping(indent: number, name: string, entries: readonly Entry[]): readonly string[] {
  const pad = ' '.repeat(indent);
  const flow = `${pad}${scalar(name)}: { ${entries.map(([key, text]) => `${key}: ${text}`).join(', ')} }`;
  if (flow.length <= columns) return [flow];
  return [`${pad}${scalar(name)}:`, ...entries.map(([key, text]) => `${pad}  ${key}: ${text}`)];
}

const list = (values: readonly string[]) => `[${values.map(scalar).join(', ')}]`;

/** What YAML would read as something else than this text stands in quotes. */
function scalar(text: string): string {
  const isPlain = /^[A-Za-z_./][\w./;?-]*$/.test(text) || /^\d{1,5}$/.test(text);
  const isWord = /^(?:true|false|null|yes|no|on|off|y|n|~|\.(?:inf|nan))$/i.test(text);
  return isPlain && !isWord ? text : JSON.stringify(text);
}

/** `wrap` drops what could end a comment. */
const comment = (indent: number, text: string): readonly string[] =>
  wrap(text.replaceAll(/\s+/g, ' '), columns - indent - 2).map(
    (line) => `${' '.repeat(indent)}# ${line}`,
  );
