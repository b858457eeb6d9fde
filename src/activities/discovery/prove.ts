import { limits } from '../../shared/limits.ts';
import { checkAgainst } from '../../shared/problems.ts';
import type { DockerEngine } from '../docker/engine.ts';
import { noSettings } from '../services/common/settings.ts';
import { createServiceHandle } from '../services/handle.ts';
import type { HealthVerdict, ServiceKind } from '../services/kind.ts';
import type { Settings } from '../services/recognition.ts';
import { kindOf } from '../services/registry.ts';
import type { Guess } from './guess.ts';

/** What a running service said when it was asked as its kind would ask it. */
export interface Proof {
  readonly settings: Settings;
  readonly verdict: HealthVerdict;
}

/**
 * Asks the service with one choice of settings after the other: the first with which it is healthy, else the first
 * with which it is ready, else what it said to the first. Health checks only read.
 */
export async function prove(engine: DockerEngine, project: string, guess: Guess): Promise<Proof> {
  const kind = kindOf(guess.name, guess.kind);
  const proofs: Proof[] = [];
  for (const settings of guess.settings.slice(0, limits.triedSettings)) {
    if (!takes(kind, settings)) continue;
    const handle = createServiceHandle(engine, project, { ...guess, settings });
    const verdict = (await kind.health?.check(handle)) ?? silent;
    proofs.push({ settings, verdict });
    if (verdict.healthy) break;
  }
  const [first = { settings: guess.settings[0], verdict: silent }] = proofs;
  return (
    proofs.find(({ verdict }) => verdict.healthy) ??
    proofs.find(({ verdict }) => verdict.ready) ??
    first
  );
}

const silent: HealthVerdict = { ready: false, healthy: false, summary: 'cannot be asked' };

const takes = (kind: ServiceKind, settings: Settings): boolean =>
  'value' in checkAgainst(kind.settings ?? noSettings, settings);
