import type { Finding } from '../../shared/report.ts';
import type { SecretEvent } from '../../shared/secret-history.ts';
import type { StepContext } from '../../shared/step-context.ts';
import type { PlatformDependencies } from '../opened-platform.ts';
import { openCredential } from './open-credential.ts';
import type { Rotation } from './target.ts';

export const createFactActivities = (deps: PlatformDependencies) => ({
  /** Reads only, so a retry is always safe. */
  async rotationFacts(
    _ctx: StepContext,
    { target, version }: Rotation,
  ): Promise<readonly Finding[]> {
    const { store, secret } = await openCredential(deps, target.name);
    const events = await store.journal(secret);
    const of = (name: string, event: SecretEvent['event']) =>
      events.filter((entry) => entry.version === name && entry.event === event);
    const gaps = [...of(version, 'delivered'), ...of(version, 'proved')].flatMap(({ facts }) =>
      facts?.gapMs === undefined
        ? []
        : [
            {
              name: `gap of ${facts.consumer ?? 'clients that reread'} (${secret})`,
              value: `${facts.gapMs} ms`,
            },
          ],
    );
    const refusals = of(target.from, 'refused').map(({ facts }) => ({
      name: `${secret}@${target.from}`,
      value: `refused: ${facts?.refusal}`,
      ok: true,
    }));
    // After a park only the last count is true.
    const left = of(target.from, 'ended')
      .slice(-1)
      .map(({ facts }) => ({
        name: `sessions of ${secret}@${target.from}`,
        value: `${facts?.sessionsLeft} left${facts?.from === undefined ? '' : `: ${facts.from}`}`,
        ok: facts?.sessionsLeft === 0 || target.survivors === 'leave',
      }));
    return [...gaps, ...refusals, ...left];
  },
});
