import type { z } from 'zod';
import type { Strategy } from '../../shared/credential-schema.ts';
import type { ServiceHandle } from './kind.ts';

/** A value and the login that it opens. It stays in the worker's memory: no payload, log or argument has it. */
export interface LoginSecret {
  /** The name of a role, an access key, a user. */
  readonly login: string;
  readonly value: string;
}

/** An account of a service, with all that its kind needs to work on it. */
export interface CredentialTarget {
  readonly service: ServiceHandle;
  /** What the platform file says of the account, checked against the type's schema. */
  readonly account: Readonly<Record<string, string>>;
  readonly strategy: Strategy;
  /** Where the consumers reach the service, as seen from this host. A member of the service when absent. */
  readonly route?: { readonly host: string; readonly port: number };
  /** The present value of another secret of the platform, for an account that administers this one. */
  secret(name: string): Promise<LoginSecret>;
  /**
   * Values of this very account that may be in force, the newest first: pending, current, previous. An account that
   * sets its own value logs in with the one that works, for a crash leaves open which.
   */
  known?(): Promise<readonly LoginSecret[]>;
  /** Called right before each effect; throws when a newer attempt has taken over. */
  checkFence(): Promise<void>;
  log(line: string): void;
}

/** What the service keeps for a login, told without logging in where that is possible. */
export type Holding = 'this' | 'another' | 'missing';

/** `refusal` is the service's own word for a wrong secret: `28P01`, `InvalidAccessKeyId`, `HTTP 401`. */
export type LoginVerdict =
  | { readonly accepted: true; readonly words: string }
  | { readonly accepted: false; readonly refusal: string; readonly words: string };

/** A connection that was opened with a login before now. */
export interface OpenSession {
  readonly id: string;
  /** ISO 8601, by the service's clock. */
  readonly since: string;
  /** Where from, for people: an address, an application. */
  readonly from: string;
}

/** One type of account of a kind: `role`, `access-key`, `admin`. Every verb may be repeated. */
export interface AccountType {
  readonly title: string;
  /** What the platform file has to say of such an account, as a strict object of texts. */
  readonly account: z.ZodObject;
  /** The best first. */
  readonly strategies: readonly Strategy[];
  /** The login that a new version opens: the same one, the other of two, or a new one. */
  nextLogin(
    target: Pick<CredentialTarget, 'account' | 'strategy'>,
    current: string | undefined,
    version: string,
  ): string;
  holds(target: CredentialTarget, secret: LoginSecret): Promise<Holding>;
  /** Throws where who administers the account is refused. Absent where `holds` asks as that one. */
  requireAdministrator?(target: CredentialTarget): Promise<void>;
  /** Makes the service accept the secret; the time by the service's clock, ISO 8601. */
  set(target: CredentialTarget, secret: LoginSecret): Promise<{ readonly at: string }>;
  /**
   * For an account that the service's own members log in with: makes them do so anew, once they have taken the value
   * that was set at `openedBefore`, and waits until all of them have. It may be repeated.
   */
  settle?(
    target: CredentialTarget,
    login: string,
    openedBefore: string,
  ): Promise<{ readonly words: string }>;
  /** Logs in as a consumer does, reads, and writes something that leaves no trace. Throws when there is no answer. */
  prove(target: CredentialTarget, secret: LoginSecret): Promise<LoginVerdict>;
  /** Makes the service refuse the secret from now on; not called for `single`, where `set` has done it. */
  retire(target: CredentialTarget, secret: LoginSecret): Promise<void>;
  /** Takes away what `retire` left of a login; until then `set` brings it back. Absent where nothing is left. */
  remove?(target: CredentialTarget, login: string): Promise<void>;
  /** Counts of what may not become less by a rotation, as the holder of the secret sees them: users, policies. */
  census?(target: CredentialTarget, secret: LoginSecret): Promise<Readonly<Record<string, number>>>;
  /** Sessions of the login that were opened before a time of the service's clock; of all times when absent. */
  sessions?(
    target: CredentialTarget,
    login: string,
    openedBefore?: string,
  ): Promise<readonly OpenSession[]>;
  endSessions?(target: CredentialTarget, sessions: readonly OpenSession[]): Promise<void>;
  /** Parts of the lines that the service writes into its log when it refuses a login of the account. */
  refusedLoginLines?(target: Pick<CredentialTarget, 'account'>): readonly string[];
  /** The service reads the value when it starts: it is delivered and restarted, and `set` does nothing. */
  readonly takenAtStart?: boolean;
  /** What an operator has to know before: `the server restarts`. */
  readonly cost?: string;
}

/** Accounts that a kind can give other secrets, by their type. */
export interface Credentials {
  readonly types: Readonly<Record<string, AccountType>>;
}
