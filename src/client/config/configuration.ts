import { delimiter, dirname, resolve } from 'node:path';
import type { ConfigFile } from '../../shared/config-file.ts';
import type { Environment } from '../terminal.ts';
import {
  type FoundConfig,
  findConfigFiles,
  type ReadConfig,
  readConfigFile,
} from './config-files.ts';
import type { Origin } from './setting.ts';

/**
 * The environment as it counts: what a flag or a file says stands in it as if the variable had been set, so that
 * everything behind it, workers included, goes by one source.
 */
export interface Configuration {
  readonly env: Environment;
  /** Where a variable has its value from, when it was not set itself. */
  readonly origins: ReadonlyMap<string, Origin>;
  readonly files: readonly FoundConfig[];
}

interface ConfigFlags {
  readonly config?: string | undefined;
  readonly profile?: string | undefined;
}

type Key = Exclude<keyof ConfigFile, 'schema'>;

/** What each key is called as a variable, and which variable of others it sets. */
const variables: Readonly<Record<Key, { readonly own: string; readonly sets?: string }>> = {
  profile: { own: 'RUNBOOK_PROFILE', sets: 'TEMPORAL_PROFILE' },
  address: { own: 'RUNBOOK_ADDRESS', sets: 'TEMPORAL_ADDRESS' },
  namespace: { own: 'RUNBOOK_NAMESPACE', sets: 'TEMPORAL_NAMESPACE' },
  platforms: { own: 'RUNBOOK_PLATFORMS' },
  platform: { own: 'RUNBOOK_PLATFORM' },
  stateDirectory: { own: 'RUNBOOK_STATE_DIR' },
  output: { own: 'RUNBOOK_OUTPUT' },
  color: { own: 'RUNBOOK_COLOR' },
  progress: { own: 'RUNBOOK_PROGRESS' },
};

/** For telling that the configuration itself is wrong: nothing of it counts. */
export const unconfigured = (env: Environment): Configuration => ({
  env: {
    ...env,
    ...Object.fromEntries(Object.values(variables).map(({ own }) => [own, undefined])),
  },
  origins: new Map(),
  files: [],
});

/** Flags over variables over the project's file over the person's own. */
export async function configure(
  flags: ConfigFlags,
  env: Environment,
  cwd: string,
): Promise<Configuration> {
  const files = findConfigFiles(flags.config, env, cwd);
  const read = await Promise.all(files.map((file) => readConfigFile(file, cwd)));
  const values: Record<string, string | undefined> = { ...env };
  const origins = new Map<string, Origin>();
  const set = (name: string, origin: Origin) => {
    values[name] = origin.value ?? undefined;
    origins.set(name, origin);
  };
  const named = files.find((file) => file.named === 'flag');
  // What is started from here looks no further.
  if (named !== undefined) {
    set('RUNBOOK_CONFIG', { value: named.path, source: 'flag', from: '--config' });
  }
  if (flags.profile !== undefined) {
    set('TEMPORAL_PROFILE', { value: flags.profile, source: 'flag', from: '--profile' });
  }
  const chosenBy = (name: string) => origins.get(name)?.source;
  for (const [key, { own, sets }] of Object.entries(variables) as [
    Key,
    (typeof variables)[Key],
  ][]) {
    const name = sets ?? own;
    if (chosenBy(name) === 'flag') continue;
    if (sets !== undefined && env[own]) {
      set(name, { value: env[own], source: 'environment', from: own });
    }
    if (values[name] !== undefined) continue;
    const file = read.find(({ values: written }) => written[key] !== undefined);
    if (file === undefined || belongsElsewhere(key, file, values, chosenBy)) continue;
    set(name, { value: textOf(key, file), source: file.layer, from: file.path });
  }
  return { env: values, origins, files };
}

/** A profile that was chosen by something stronger brings its own address and namespace. */
function belongsElsewhere(
  key: Key,
  { layer }: ReadConfig,
  values: Environment,
  chosenBy: (name: string) => Origin['source'] | undefined,
): boolean {
  if (key !== 'address' && key !== 'namespace') return false;
  if (values.TEMPORAL_PROFILE === undefined) return false;
  const source = chosenBy('TEMPORAL_PROFILE');
  return source !== layer && source !== 'user';
}

/** As the variable has it; paths of a file are meant from its folder. */
function textOf(key: Key, { path, values }: ReadConfig): string {
  const inFolder = (file: string) => resolve(dirname(path), file);
  if (key === 'platforms') return (values.platforms ?? []).map(inFolder).join(delimiter);
  const text = values[key] ?? '';
  return key === 'stateDirectory' ? inFolder(text) : text;
}
