import type { Strategy, Takes } from './credential-schema.ts';
import type { SecretEvent, SecretVersion } from './secret-history.ts';

/** What somebody wants to know of the secrets of a platform; the worker's default one when none is named. */
export type SecretsQuestion = { readonly platform?: string } & (
  | { readonly ask: 'report' | 'verify'; readonly names: readonly string[] }
  | { readonly ask: 'history'; readonly name: string }
);

/** The answer to `report`. Never a value. */
export interface SecretsReport {
  readonly platform: string;
  readonly secrets: readonly SecretFacts[];
  /** Files among the delivered ones that nobody asks for, as `consumer/name`. */
  readonly strays: readonly string[];
}

/** Whether a rotation can move a secret: not where nobody says what it opens, or its kind cannot give it another. */
export type SecretCoverage = 'covered' | 'not-covered' | 'in-environment';

export interface SecretFacts {
  readonly name: string;
  readonly description: string;
  readonly coverage: SecretCoverage;
  /** Why it is not covered. */
  readonly why?: string;
  readonly service?: string;
  readonly kind?: string;
  readonly type?: string;
  readonly strategy?: Strategy;
  /** The version in force; none before the first deploy. */
  readonly current?: string;
  readonly mintedAt?: string;
  readonly dueAt?: string;
  readonly overdue: boolean;
  readonly versions: readonly SecretVersion[];
  readonly consumers: readonly SecretConsumer[];
  /** The latest proof that the version in force is accepted. */
  readonly lastProof?: SecretEvent;
}

export interface SecretConsumer {
  readonly name: string;
  readonly uid: number;
  readonly takes: Takes;
  /** The version that its copy holds, or `missing`, or `foreign`. */
  readonly has: string;
}

/** The answer to `history`: the oldest event first. */
export interface SecretHistory {
  readonly platform: string;
  readonly name: string;
  readonly events: readonly SecretEvent[];
  /** Older events stand in the journal on the worker's host. */
  readonly truncated: boolean;
}

/** The answer to `verify`, one a secret. */
export interface SecretVerdict {
  readonly name: string;
  readonly coverage: SecretCoverage;
  readonly ok: boolean;
  readonly checks: readonly SecretCheck[];
}

export interface SecretCheck {
  /** `the service postgres`, `the copy of web`. */
  readonly what: string;
  readonly ok: boolean;
  readonly words: string;
}
