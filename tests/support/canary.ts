import type { PlatformCopy } from './platform-copy.ts';

/** What the lab's canary says of one target since its start, or since it was told to count anew. */
export interface CanaryCounters {
  readonly connects: number;
  readonly failures: number;
  readonly credentialRefused: number;
  readonly lastErrorClass: string | null;
  /** The name that it logged in with last. */
  readonly login: string | null;
  /** The longest time without a success, one that goes on included. */
  readonly longestGapMs: number;
  readonly secondsCounted: number;
  readonly secondsSinceSuccess: number | null;
}

export const canaryTargets = ['postgres', 'postgres-single', 'minio', 'keycloak'] as const;
export type CanaryTarget = (typeof canaryTargets)[number];
export type Canary = Readonly<Record<CanaryTarget, CanaryCounters>>;

/** Asks the canary of a lab; `reset` has it count anew first. */
export async function askCanary(platform: PlatformCopy, reset = false): Promise<Canary> {
  const port = /^CANARY_PORT=(\d+)$/m.exec(await platform.read('.env'))?.[1];
  const url = `http://127.0.0.1:${port}/${reset ? 'reset' : 'counters'}`;
  const answer = await fetch(url, { method: reset ? 'POST' : 'GET' });
  return (await answer.json()) as Canary;
}
