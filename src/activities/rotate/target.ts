import type { Credential, Strategy, Takes } from '../../shared/credential-schema.ts';

/** A reader of a secret that has to do something before it uses a new value. */
export interface RotationConsumer {
  /** The compose service. */
  readonly name: string;
  /** The service of the platform that it is a member of. */
  readonly service: string;
  readonly takes: Takes;
  readonly minHealthyMs: number;
  readonly healthTimeoutMs: number;
}

/** One credential that a run moves to another value. Nothing in it is a value. */
export interface RotationTarget {
  /** Also the name of the target in a fan-out. */
  readonly name: string;
  readonly service: string;
  readonly type: string;
  readonly strategy: Strategy;
  /** The version that is in force before. */
  readonly from: string;
  /** The login that it opens. */
  readonly login: string;
  /** The service itself reads the value at its start: it is restarted, and nobody sets anything. */
  readonly takenAtStart: boolean;
  readonly consumers: readonly RotationConsumer[];
  readonly survivors: Credential['survivors'];
  readonly drainMs: number;
  /** Both for people, without times. */
  readonly now: string;
  readonly change: string;
}

/** A target on its way to a version. */
export interface Rotation {
  readonly target: RotationTarget;
  readonly version: string;
}
