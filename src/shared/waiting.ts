/** What an attempt under way waits for. It travels in heartbeats only: no history, no report holds it. */
export interface Waiting {
  /** Who is not there yet, and its last answer: `web: starting; db: no answer on port 5432`. */
  readonly for: string;
  /** ISO 8601. */
  readonly since: string;
  readonly timeoutMs: number;
}

/** The details of a heartbeat. */
export interface Beat {
  readonly step: string;
  readonly lastWords: string;
  readonly waiting?: Waiting;
}

/** The beat of one of our attempts, whatever a worker of another version sends. */
export function waitingIn(beat: unknown): (Waiting & { readonly step: string }) | undefined {
  if (typeof beat !== 'object' || beat === null) return undefined;
  const { step, waiting } = beat as Partial<Beat>;
  return typeof step === 'string' && typeof waiting?.for === 'string'
    ? { step, ...waiting }
    : undefined;
}
