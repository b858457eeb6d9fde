import type { VariableAccount } from './variable-account.ts';

/** How a service takes a secret from a file in place of a variable's value. */
export type Intake =
  /** Its image reads the file that another variable names: `POSTGRES_PASSWORD_FILE`. */
  | { readonly how: 'file variable'; readonly variable: string }
  /** A script before its program writes it into a configuration file in memory, under this name. */
  | { readonly how: 'configuration file'; readonly setting: string };

/** A variable of a service that becomes a file. */
export interface Move {
  readonly secret: string;
  readonly service: string;
  readonly variable: string;
  readonly intake: Intake;
  /** Whether the whole environment file brings it: there is no line of its own to take away. */
  readonly handedOver: boolean;
  /** How the service takes a new value; by a restart when absent. */
  readonly takes?: VariableAccount['takes'];
}

/** What a secret opens, as the platform file says it. */
export interface MigratedAccount {
  readonly service: string;
  readonly type: string;
  readonly account: Readonly<Record<string, string>>;
  readonly route?: string;
}

/** A place that keeps its value, and why. */
export interface Left {
  readonly what: string;
  readonly place: string;
  readonly why: string;
}

export interface MigratedSecret {
  readonly name: string;
  /** The variable of the environment file that brought it; absent for a value that was written out. */
  readonly source?: string;
  readonly description: string;
  readonly length?: number;
  /** Places that keep the value; none when it is gone everywhere. */
  readonly left: readonly Left[];
  /** Other credentials that have the same value; they may open the same. */
  readonly twins?: readonly string[];
  /** What the platform file is to say that it opens; it stays as it is for a secret that it describes already. */
  readonly credential?: MigratedAccount;
  /** Why it cannot be rotated after it has moved; absent when it can. */
  readonly notRotated?: string;
}

/** A service that changes. */
export interface MigratedService {
  readonly service: string;
  readonly uid: number;
  /** Only where a script runs before its program: the script, and how it is started now, as a compose file says it. */
  readonly start?: {
    readonly script: string;
    readonly entrypoint: readonly string[];
    readonly command: readonly string[];
  };
}

/** What `migrate-secrets` is to do. No value is in it. */
export interface Migration {
  readonly secrets: readonly MigratedSecret[];
  readonly moves: readonly Move[];
  readonly services: readonly MigratedService[];
  /** Credentials that stay altogether where they are. */
  readonly notCovered: readonly (Left & { readonly name: string })[];
}

/** Where services see their secrets, and where scripts write configuration files. */
export const secretsMount = '/run/secrets';
export const configurationMount = '/run/secrets-config';
