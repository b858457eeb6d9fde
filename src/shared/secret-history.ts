export type SecretLabel = 'pending' | 'current' | 'previous';

/** A version that has its value, without it. */
export interface SecretVersion {
  readonly version: string;
  readonly login?: string;
  /** ISO 8601: when its file was written. */
  readonly mintedAt: string;
  readonly label?: SecretLabel;
  readonly fingerprint: string;
}

export const secretEvents = [
  'minted',
  'set',
  'delivered',
  'taking',
  'taken',
  'proved',
  'refused',
  'retired',
  'ended',
  'promoted',
  'discarded',
] as const;

/** What happened to a version. Never a value. */
export interface SecretEvent {
  /** ISO 8601. */
  readonly at: string;
  readonly version: string;
  readonly event: (typeof secretEvents)[number];
  readonly run: string;
  readonly facts?: Readonly<Record<string, string | number>>;
}
