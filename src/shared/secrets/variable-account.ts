import type { Takes } from '../credential-schema.ts';

/** What a variable opens, told from the image that takes it. */
export interface VariableAccount {
  readonly type: string;
  readonly account: Readonly<Record<string, string>>;
  /** Where the account is, `pg1:5432`, as its reader reaches it; in the reader's own service when absent. */
  readonly at?: readonly string[];
  /** How the reader takes a new value. */
  readonly takes: Extract<Takes, 'restart' | 'start'>;
}

/** A service as its container shows it, with values: it stays where it was read. */
export interface SeenService {
  readonly variables: ReadonlyMap<string, string>;
  /** Entrypoint and command: options that are given there win over variables. */
  readonly words: readonly string[];
  /** How many compose services make up the service that it belongs to. */
  readonly members: number;
}

/** An account, or why nobody can tell which. */
export type ToldAccount = VariableAccount | { readonly unknown: string };

export const unknown = (why: string): ToldAccount => ({ unknown: why });
