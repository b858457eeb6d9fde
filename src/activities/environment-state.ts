import { lstat, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import {
  auditEnvironment,
  type EnvironmentFinding,
  type StoredState,
} from '../shared/environment/audit.ts';
import {
  type ComposeReference,
  composeReferences,
} from '../shared/environment/compose-references.ts';
import { type DotenvFile, parseDotenv } from '../shared/environment/dotenv.ts';
import { renderEnvironmentExample } from '../shared/environment/example.ts';
import { type EnvironmentPlan, planEnvironment } from '../shared/environment/plan.ts';
import { secretVariables } from '../shared/environment/variables.ts';
import { refuse } from '../shared/errors.ts';
import { limits } from '../shared/limits.ts';
import type { Platform } from '../shared/platform-file.ts';
import { readComposeTexts } from './compose-texts.ts';
import { hasCode, readTextIfExists } from './files.ts';
import type { DeliveryGap } from './secrets/copy.ts';
import { deliveryGaps, strayDeliveries } from './secrets/deliveries.ts';
import type { SecretStore } from './secrets/secret-store.ts';
import { openPlatformStore, variableSecret } from './secrets/store.ts';

/** Stands for a secret that has no value yet, in a file that is only looked at. */
const secretPlaceholder = 'to-be-generated';

/** A platform's environment and secrets as they are, and what has to change. No field is a value. */
export interface EnvironmentState {
  readonly platform: Platform;
  readonly store: SecretStore;
  /** Where the environment file is; a link is followed, so that it stays one. */
  readonly path: string;
  readonly text: string | undefined;
  readonly isPrivate: boolean;
  readonly plan: EnvironmentPlan;
  /** Store names of secrets that have no value anywhere, with their lengths. */
  readonly toMint: ReadonlyMap<string, number>;
  /** Secret variables whose value is only in the file. */
  readonly toAdopt: readonly string[];
  readonly gaps: readonly DeliveryGap[];
  readonly example: { readonly path: string; readonly text: string; readonly isCurrent: boolean };
  /** Errors that writing the environment does not cure. */
  readonly errors: readonly EnvironmentFinding[];
  readonly warnings: readonly EnvironmentFinding[];
}

export async function readEnvironmentState(platform: Platform): Promise<EnvironmentState> {
  const { environment, directory } = platform;
  const store = openPlatformStore(platform);
  const path = await followLink(join(directory, environment.file));
  const text = await readTextIfExists(path);
  if (text !== undefined && text.length > limits.fileBytes) throw tooLarge(environment.file);
  const file = parseDotenv(text ?? '');
  const stored = await storedStates(platform, store, file);
  const outdated = new Set(
    [...stored].flatMap(([name, state]) => (state === 'older' ? [name] : [])),
  );
  const plan = planEnvironment({ platform, file, outdated });
  const references = await readComposeReferences(platform);

  const facts = { declared: environment.variables, fileName: environment.file, references };
  const now = auditEnvironment({ ...facts, file, stored });
  const planned = parseDotenv(plan.render(() => secretPlaceholder));
  const kept = new Map([...stored].filter(([name]) => !plan.secrets.includes(name)));
  const then = auditEnvironment({ ...facts, file: planned, stored: kept });
  const remaining = findingsThatRemain(now, then);
  const strays = await strayDeliveries(platform);

  const examplePath = join(directory, environment.example);
  const exampleText = renderEnvironmentExample(platform);
  return {
    platform,
    store,
    path,
    text,
    isPrivate: await hasMode(path, 0o600),
    plan,
    toMint: await unminted(platform, store, plan),
    toAdopt: await unadopted(platform, store, file),
    gaps: await deliveryGaps(platform),
    example: {
      path: examplePath,
      text: exampleText,
      isCurrent: (await readTextIfExists(examplePath)) === exampleText,
    },
    errors: remaining.filter(({ severity }) => severity === 'error'),
    warnings: [...remaining.filter(({ severity }) => severity === 'warning'), ...strays.map(stray)],
  };
}

/** The environment file as it should be, with the values that the store has. */
export async function renderEnvironment({ plan, store }: EnvironmentState): Promise<string> {
  const values = new Map<string, string>();
  for (const name of plan.secrets) {
    const current = await store.readCurrent(variableSecret(name));
    if (current) values.set(name, current.value);
  }
  return plan.render((name) => values.get(name) ?? secretPlaceholder);
}

/** With the line numbers of today's file, since that is the one that a person opens. */
function findingsThatRemain(
  now: readonly EnvironmentFinding[],
  then: readonly EnvironmentFinding[],
): readonly EnvironmentFinding[] {
  const key = ({ kind, variable, what }: EnvironmentFinding) =>
    JSON.stringify([kind, variable, kind === 'unreadable' ? what.replace(/\d+/, '') : '']);
  const remaining = new Set(then.map(key));
  const known = new Set(now.map(key));
  return [
    ...now.filter((finding) => remaining.has(key(finding))),
    ...then.filter((finding) => !known.has(key(finding))),
  ];
}

async function storedStates(
  { environment }: Platform,
  store: SecretStore,
  file: DotenvFile,
): Promise<ReadonlyMap<string, StoredState>> {
  const states = new Map<string, StoredState>();
  for (const name of secretVariables(environment.variables)) {
    const value = valueIn(file, name);
    const current = await store.readCurrent(variableSecret(name));
    if (!value || !current) continue;
    if (value === current.value) states.set(name, 'current');
    else states.set(name, (await store.versionOf(variableSecret(name), value)) ? 'older' : 'other');
  }
  return states;
}

async function unminted(
  { environment, secrets }: Platform,
  store: SecretStore,
  plan: EnvironmentPlan,
): Promise<ReadonlyMap<string, number>> {
  const wanted = [
    ...Object.entries(secrets.items).map(([name, { length }]) => [name, length] as const),
    ...plan.secrets.map(
      (name) => [variableSecret(name), environment.variables[name]?.secret?.length ?? 32] as const,
    ),
  ];
  const missing = new Map<string, number>();
  for (const [name, length] of wanted) {
    if (!(await store.readCurrent(name))) missing.set(name, length);
  }
  return missing;
}

async function unadopted({ environment }: Platform, store: SecretStore, file: DotenvFile) {
  const names: string[] = [];
  for (const name of secretVariables(environment.variables)) {
    if (valueIn(file, name) && !(await store.readCurrent(variableSecret(name)))) names.push(name);
  }
  return names;
}

/** The value of a variable as docker compose would take it from the file. */
export const valueIn = (file: DotenvFile, name: string): string | undefined =>
  file.entries.findLast((entry) => entry.name === name)?.value;

async function readComposeReferences({
  directory,
  compose,
}: Platform): Promise<readonly ComposeReference[]> {
  const { files, missing } = await readComposeTexts(directory, compose.files);
  const [gone] = missing;
  if (gone !== undefined) throw composeFileMissing(gone);
  return files.flatMap(({ name, text }) => composeReferences(text, name));
}

async function followLink(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return path;
    throw error;
  }
}

async function hasMode(path: string, mode: number): Promise<boolean> {
  const stats = await lstat(path).catch(() => undefined);
  return stats !== undefined && (stats.mode & 0o777) === mode;
}

const stray = (path: string): EnvironmentFinding => ({
  kind: 'unknown',
  variable: path,
  severity: 'warning',
  what: `${path} lies among the delivered secrets, and the platform file does not ask for it`,
  fix: 'remove the file when no service reads it any more',
});

const composeFileMissing = (path: string) =>
  refuse(
    'RB_COMPOSE_FILE_MISSING',
    `there is no compose file ${path}`,
    'the platform file lists it under compose.files',
    'correct compose.files, or put the file there',
  );

const tooLarge = (file: string) =>
  refuse(
    'RB_ENVIRONMENT',
    `${file} is too large`,
    `an environment file has at most ${limits.fileBytes} bytes`,
    `check that ${file} is the environment file`,
  );
