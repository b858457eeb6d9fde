import { type DotenvEntry, parseDotenv } from '../environment/dotenv.ts';
import { interpolate } from '../environment/interpolation.ts';
import { type ComposeUse, composeUses } from './compose-uses.ts';
import {
  credentialsIn,
  credentialsInFile,
  credentialsInWords,
  type NamedValue,
} from './named-values.ts';

export interface TextFile {
  /** From the project's folder; what people call it. */
  readonly name: string;
  readonly text: string;
}

/** A compose file. */
export interface ComposeTextFile extends TextFile {
  /** From the project's folder: where relative paths in it start. */
  readonly folder?: string;
}

/** A file of this host that a service sees. */
export interface SeenFile extends TextFile {
  /** `secret`: declared as one in a compose file, so its whole content is one. */
  readonly how: 'mount' | 'secret';
}

/** What `docker inspect` shows of a container. */
export interface SeenContainer {
  readonly service: string;
  readonly variables: readonly (readonly [name: string, value: string])[];
  /** Entrypoint, command and health check. */
  readonly words: readonly string[];
}

/** Everything of a project that can hold a credential. Values are in it: it stays where it was read. */
export interface SeenProject {
  readonly composeFiles: readonly ComposeTextFile[];
  /** The environment file that Compose fills references in from. */
  readonly envFile: TextFile | undefined;
  /** Other files that `env_file` hands to services. */
  readonly otherEnvFiles: readonly TextFile[];
  readonly files: readonly SeenFile[];
  readonly containers: readonly SeenContainer[];
}

/** A credential at one place, with its value. */
export interface Sighting {
  readonly value: string;
  /** The variable, option or key there. */
  readonly name: string;
  /** What a waiver calls it: `DB_PASSWORD`, `web/SMTP_TOKEN`, `web/command`, `certs/web.key`. */
  readonly what: string;
  readonly how: 'environment file' | 'env_file' | ComposeUse['how'] | 'file' | 'container';
  /** `compose.yaml:12`, `.env:3`, `container web`. */
  readonly place: string;
  readonly service?: string;
  /** Variables of the environment file that bring the value here; none where it is written out. */
  readonly from: readonly string[];
  /** Whether it is all of what stands there, not a part such as the password of a URL. */
  readonly isWhole: boolean;
}

/** Every place of a project where a credential stands, the environment file first, containers last. */
export function sightCredentials(project: SeenProject): readonly Sighting[] {
  const { envFile, composeFiles } = project;
  const entries = envFile === undefined ? [] : effectiveEntries(envFile.text);
  const environment = new Map(entries.map((entry) => [entry.name, entry.value ?? '']));
  const uses = composeFiles.flatMap(({ name, text, folder = '' }) =>
    composeUses(text, name).map((use) => ({ ...use, folder })),
  );
  // What a service calls a password is one under whatever name it stands in the environment file.
  const passedOn = new Set(uses.flatMap((use) => carriers(use, environment)));
  const inEnvFile = entries.flatMap((entry) =>
    envFile === undefined ? [] : sightEntry(envFile.name, entry, passedOn),
  );
  const secretNames = new Set(inEnvFile.map(({ name }) => name));
  return [
    ...inEnvFile,
    ...uses.flatMap((use) => sightUse(use, environment, secretNames)),
    ...uses.flatMap((use) => handedOver(use, envFile?.name, inEnvFile)),
    ...project.otherEnvFiles.flatMap(({ name, text }) =>
      effectiveEntries(text).flatMap((entry) => sightOther(name, entry)),
    ),
    ...project.files.flatMap(sightFile),
    ...project.containers.flatMap(sightContainer),
  ];
}

/** The last assignment of each name: the one that Compose uses. */
function effectiveEntries(text: string): readonly DotenvEntry[] {
  const { entries } = parseDotenv(text);
  return entries.filter((entry) => entries.findLast(({ name }) => name === entry.name) === entry);
}

type Environment = ReadonlyMap<string, string>;

const filledIn = (template: string, environment: Environment) =>
  interpolate(template, (name) => environment.get(name));

/** The one variable that a credential of a service consists of: `POSTGRES_PASSWORD: ${DB}` makes `DB` one. */
function carriers(use: ComposeUse, environment: Environment): readonly string[] {
  if (use.words !== undefined || use.template === undefined) return [];
  const { value, references } = filledIn(use.template, environment);
  const [only] = references;
  if (only === undefined || environment.get(only.name) !== value) return [];
  return credentialsIn(use.name, value).length > 0 ? [only.name] : [];
}

function sightEntry(
  fileName: string,
  { name, value = '', line, references }: DotenvEntry,
  passedOn: ReadonlySet<string>,
): readonly Sighting[] {
  const found = credentialsIn(name, value);
  const all: readonly NamedValue[] =
    found.length === 0 && passedOn.has(name) && value !== ''
      ? [{ name, value, how: 'named' }]
      : found;
  const from = [name, ...references.map((reference) => reference.name)];
  return all.map((one) => ({
    ...{ value: one.value, name, what: name, from, isWhole: one.value === value },
    ...{ how: 'environment file' as const, place: `${fileName}:${line}` },
  }));
}

const sightOther = (
  fileName: string,
  { name, value = '', line }: DotenvEntry,
): readonly Sighting[] =>
  credentialsIn(name, value).map((found) => ({
    ...{ value: found.value, name, what: name, from: [], isWhole: found.value === value },
    ...{ how: 'env_file' as const, place: `${fileName}:${line}` },
  }));

/** A service that is handed the whole environment file gets each credential in it under its own name. */
function handedOver(
  { how, template = '', place, service, folder }: ComposeUse & { readonly folder: string },
  envFile: string | undefined,
  inEnvFile: readonly Sighting[],
): readonly Sighting[] {
  if (how !== 'env_file' || envFile === undefined) return [];
  if (normalized(`${folder}/${template}`) !== normalized(envFile)) return [];
  return inEnvFile.map((sighting) => ({
    ...sighting,
    ...{ how, place, service, what: `${service}/${sighting.name}` },
  }));
}

/** `./a/../b` is `b`. */
function normalized(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

function sightUse(
  use: ComposeUse,
  environment: Environment,
  secretNames: ReadonlySet<string>,
): readonly Sighting[] {
  const { service, how, name, place, words } = use;
  // What the files hold is looked at where they are.
  if (how === 'env_file' || how === 'mount' || how === 'secret') return [];
  const about = { how, place, service, what: `${service}/${name}` };
  // A variable that is passed through comes from the environment file under its own name.
  const template = use.template ?? (how === 'variable' ? `\${${name}-}` : '');
  const { value, references } = filledIn(template, environment);
  const carried = references
    .map((reference) => reference.name)
    .filter((source) => secretNames.has(source) && environment.get(source) !== '');
  const found =
    words === undefined
      ? credentialsIn(name, value)
      : credentialsInWords(words.map((word) => filledIn(word, environment).value));
  const byReference = [...new Set(carried)].map((source) => ({
    ...about,
    name: words === undefined ? name : source,
    value: environment.get(source) ?? '',
    from: [source],
    isWhole: words === undefined && environment.get(source) === value,
  }));
  const known = new Set(byReference.map((one) => one.value));
  const written = found.filter((one) => !known.has(one.value));
  return [
    ...byReference,
    ...written.map((one) => ({
      ...{ ...about, name: one.name, value: one.value, from: [] },
      isWhole: words === undefined && one.value === value,
    })),
  ];
}

function sightFile({ name, text, how }: SeenFile): readonly Sighting[] {
  const about = { how: 'file' as const, from: [] };
  if (how === 'secret' && text.trim() !== '') {
    return [{ ...about, value: text.trim(), name, what: name, place: name, isWhole: true }];
  }
  return credentialsInFile(name, text).map((found) => ({
    ...about,
    ...{ value: found.value, name: found.name },
    ...{ what: name, place: `${name}:${found.line}`, isWhole: false },
  }));
}

function sightContainer({ service, variables, words }: SeenContainer): readonly Sighting[] {
  const about = { how: 'container' as const, place: `container ${service}`, service, from: [] };
  return [
    ...variables.flatMap(([name, value]) => credentialsIn(name, value)),
    ...credentialsInWords(words),
  ].map(({ name, value }) => ({
    ...about,
    ...{ name, value, what: `${service}/${name}`, isWhole: false },
  }));
}
