import type { SecretEvent, SecretLabel, SecretVersion } from '../../shared/secret-history.ts';

/** A secret's identity without its value. */
export interface SecretReference {
  readonly name: string;
  readonly version: string;
}

export interface MintedSecret extends SecretReference {
  /** False when the value was there already. */
  readonly created: boolean;
}

export interface StoredSecret {
  readonly version: string;
  readonly value: string;
  /** What it opens, where the store knows; else the platform file does (`firstLogin`). */
  readonly login?: string;
}

export interface PendingOptions {
  readonly length: number;
  /** No secret: the name of a role, an access key, a user. */
  readonly login?: string;
}

/** At most one version each. A version that is current is nothing else. */
export type SecretLabels = { readonly [label in SecretLabel]?: string };

/**
 * Secrets in versions that are written once and never changed, with labels that say which one is in force.
 * Every operation may be repeated and raced: the first value that reached the disk wins.
 */
export interface SecretStore {
  /** Makes the first value; one that is there wins. */
  mint(name: string, length: number): Promise<MintedSecret>;
  /** Keeps a value that is already in use as the first version; one that is there wins. */
  adopt(name: string, value: string): Promise<MintedSecret>;
  readCurrent(name: string): Promise<(SecretReference & StoredSecret) | undefined>;
  read(name: string, version: string): Promise<StoredSecret | undefined>;
  /** Throws `RB_STORE_DAMAGED` where the value of a version is another than the journal knows: cut off, edited. */
  requireWhole(name: string, version: string): Promise<void>;
  /** Throws where the next version could not be written. */
  requireWritable(name: string): Promise<void>;
  labels(name: string): Promise<SecretLabels>;
  /** Those that still have their value, the oldest first. */
  versions(name: string): Promise<readonly SecretVersion[]>;
  /** Makes the value that a rotation moves to; one that is pending wins, with its login. */
  mintPending(name: string, options: PendingOptions): Promise<MintedSecret>;
  /** Makes a version current and the one before it previous. */
  promote(name: string, version: string): Promise<void>;
  /** Takes back a version that never came into force. Its number is not used again. */
  discard(name: string, version: string): Promise<void>;
  /** Removes the values that no label names. What the journal says of them stays. */
  forget(name: string): Promise<void>;
  /** Appends to the journal; what the same run noted in the same words already is not noted again. */
  note(name: string, event: SecretEvent): Promise<void>;
  journal(name: string): Promise<readonly SecretEvent[]>;
  /** Which version holds the value, or held it before its value was removed. */
  versionOf(name: string, value: string): Promise<string | undefined>;
  /** Every value of every version: what must not be printed. */
  allValues(): Promise<readonly string[]>;
  /** Names that ever had a value; they stay when the value is lost. */
  everMinted(): Promise<ReadonlySet<string>>;
  /** Tells values apart without showing them; useless without this store's key. */
  fingerprint(value: string): Promise<string>;
}
