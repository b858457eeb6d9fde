import type { Environment } from '../terminal.ts';

/** In the order in which one wins over the next; `found` is what was looked for on this machine. */
type SettingSource =
  | 'flag'
  | 'environment'
  | 'project'
  | 'user'
  | 'profile'
  | 'up'
  | 'found'
  | 'default';

/** Something that can be set, as a command started here would use it. */
export interface Setting {
  readonly name: string;
  /** Null when nothing is set and there is no default; never the value of a secret. */
  readonly value: string | null;
  readonly source: SettingSource;
  /** The flag, variable, profile or file that it comes from. */
  readonly from?: string;
  readonly secret?: true;
  /** Why nothing was found of what was looked for on this machine. */
  readonly why?: string;
}

export type Origin = Omit<Setting, 'name'>;
/** Undefined where it says nothing, so that the next one is asked. */
export type Candidate = Origin | undefined;

/** The setting as the first says that says anything. */
export function setting(name: string, ...candidates: readonly Candidate[]): Setting {
  const origin = candidates.find((candidate) => candidate !== undefined) ?? fallback(null);
  return { name, ...origin };
}

/** A setting that is shown as set or not set only. */
export function secretSetting(name: string, ...candidates: readonly Candidate[]): Setting {
  const chosen = setting(name, ...candidates);
  return { ...chosen, value: chosen.value === null ? null : '********', secret: true };
}

export function flag(from: string, value: string | undefined): Candidate {
  return value === undefined ? undefined : { value, source: 'flag', from };
}

/** An empty variable counts as not set. */
export function variable(env: Environment, from: string): Candidate {
  return env[from] ? { value: env[from], source: 'environment', from } : undefined;
}

/** For variables that others read: an empty one is set, to nothing. */
export function rawVariable(env: Environment, from: string): Candidate {
  const value = env[from];
  return value === undefined ? undefined : { value, source: 'environment', from };
}

/** The parts of a session that say what a variable is, and which file or flag has set it. */
interface Configured {
  readonly env: Environment;
  readonly origins: ReadonlyMap<string, Origin>;
}

/** A variable that flags and configuration files set as well. An empty one counts as not set. */
export function configured({ env, origins }: Configured, name: string): Candidate {
  return origins.get(name) ?? variable(env, name);
}

/** As `rawVariable`, for those that flags and configuration files set as well. */
export function rawConfigured({ env, origins }: Configured, name: string): Candidate {
  return origins.get(name) ?? rawVariable(env, name);
}

export const fallback = (value: string | null): Origin => ({ value, source: 'default' });
