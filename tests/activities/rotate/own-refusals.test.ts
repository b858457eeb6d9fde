import { describe, expect, test } from 'vitest';
import { createVerifyActivities } from '../../../src/activities/verify.ts';
import type { SecretEvent } from '../../../src/shared/secret-history.ts';
import { rotationRun, secret } from './rotation-run.ts';

const refused = 'FATAL:  password authentication failed for user "app"';
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const event = (second: number, what: SecretEvent['event'], run = 'r1'): SecretEvent => ({
  ...{ at: at(second), version: 'v2', event: what, run },
});

/** Minted at 10 s, the old one refused at 20 s; what the log check says of lines in a service's log. */
async function searched(service: string, lines: readonly (readonly [number, string])[]) {
  const { run, store, as, attempt } = await rotationRun('reread');
  for (const line of [event(10, 'minted'), event(20, 'refused')]) await store.note(secret, line);
  run.world.logs.set(
    `${service}-0`,
    lines.map(([second, text]) => ({ at: at(second), text })),
  );
  const verify = createVerifyActivities(run.deps);
  return as(() => verify.verifyLogs(attempt.ctx, { since: at(0) }));
}

describe('a refused login in a log', () => {
  test.each(['db', 'app'])('of %s is no error while a run rotates the account', async (service) => {
    expect(
      await searched(service, [
        [11, refused],
        [20, refused],
      ]),
    ).toMatchObject({ linesRead: 2, allowed: 2 });
  });

  test.each([
    ['before a rotation', 5, refused],
    ['after it', 25, refused],
    ['of another account', 15, refused.replace('app', 'app2')],
    ['beside another error', 15, 'ERROR: disk full'],
  ])('is one %s', async (_, second, text) => {
    const lines = [[15, refused] as const, [second, text] as const];
    await expect(searched('db', lines)).rejects.toMatchObject({
      code: 'RB_ERRORS_IN_LOGS',
      why: `db: ${text}`,
    });
  });

  test('is one between two rotations', async () => {
    const { run, store, as, attempt } = await rotationRun('reread');
    const events = [event(10, 'minted'), event(20, 'refused'), event(40, 'minted', 'r2')];
    for (const line of events) await store.note(secret, line);
    run.world.logs.set('db-0', [{ at: at(30), text: refused }]);
    const verify = createVerifyActivities(run.deps);
    const verdict = as(() => verify.verifyLogs(attempt.ctx, { since: at(0) }));
    await expect(verdict).rejects.toMatchObject({ code: 'RB_ERRORS_IN_LOGS' });
  });
});
