import type { Settings } from '../services/recognition.ts';

/** How far a guess can be trusted; `proved`: the service answered as its kind asks. */
export type Certainty = 'proved' | 'sure' | 'likely' | 'guess';

/** A service as a platform file would describe it, with what speaks for it. */
export interface DiscoveredService {
  readonly name: string;
  readonly kind: string;
  readonly members: readonly string[];
  readonly settings: Settings;
  readonly certainty: Certainty;
  /** What was seen, in words. */
  readonly reasons: readonly string[];
  /** What it answered, when it was asked. */
  readonly answer?: string;
  /** What a person has to tell. */
  readonly todo?: string;
  /** Compose service to the condition that its members wait for. */
  readonly waitsFor: Readonly<Record<string, string>>;
  /** Longer than the platform file's default when its health check may take longer. */
  readonly startMs?: number;
}

export interface Discovery {
  readonly services: readonly DiscoveredService[];
  readonly profiles: readonly string[];
  readonly containers: number;
  /** Whether the compose files could be filled in; if not, why. */
  readonly notFilledIn?: string;
  /** What is not as it should be, or could not be looked at; one sentence each. */
  readonly doubts: readonly string[];
}
