/** What a service shows of itself in its container, and in its compose file alike. */
export type Appearance = Pick<
  Sighting,
  'image' | 'words' | 'variables' | 'ports' | 'healthCheck' | 'mounts'
>;

/**
 * One compose service as it looks from outside, for kinds to recognise as theirs. Names of variables stand in it,
 * never their values; words of commands can hold secrets, so they are compared and never shown.
 */
export interface Sighting {
  readonly service: string;
  readonly image: string;
  /** Entrypoint and command. */
  readonly words: readonly string[];
  readonly variables: readonly string[];
  /** TCP ports of the container, the published ones first. */
  readonly ports: readonly number[];
  /** The words of Docker's health check; none without one. */
  readonly healthCheck: readonly string[];
  /** Folders of the container that are mounted. */
  readonly mounts: readonly string[];
  /** Docker starts it again when it ends with exit code 0. */
  readonly restartsOnSuccess: boolean;
  /** Another service waits until it has ended with exit code 0. */
  readonly isAwaitedEnd: boolean;
  /** The exit code, of a container that has ended. */
  readonly exitCode?: number;
}

export type Settings = Readonly<Record<string, string | number | boolean>>;

/** What a kind makes of a sighting that could be its own. */
export interface Recognition {
  /** How much speaks for the kind; the one with most is taken. */
  readonly weight: number;
  /** What was seen, in words that may stand in a file. */
  readonly reasons: readonly string[];
  /** In the order in which they are tried on a running service; the first one when there is none. */
  readonly settings: readonly [Settings, ...Settings[]];
  /** Too little to believe without an answer of the service itself. */
  readonly needsProof?: true;
  /** Of one image and called alike (`etcd1`, `etcd2`), they are members of one service. */
  readonly grouped?: true;
}

/** Undefined when the sighting is nothing of this kind. */
export type Recognize = (seen: Sighting) => Recognition | undefined;
