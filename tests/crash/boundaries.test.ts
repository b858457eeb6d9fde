import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Proof } from '../support/proof.ts';
import { reset, resetPoints } from '../support/reset.ts';
import { shuffled } from '../support/sample.ts';
import { everywhere, expectSameEnd, timeoutMs } from './everywhere.ts';
import { CrashHarness, type CrashPoint } from './harness.ts';
import { subjects } from './subjects.ts';

describe.each(subjects)('$runbook', (subject) => {
  let harness: CrashHarness;
  let points: CrashPoint[];
  beforeAll(async () => {
    harness = await CrashHarness.open(subject);
    points = await harness.points();
  });
  afterAll(() => harness?.close());

  /** A run whose locks another has by now is refused after a reset; features/migrate-secrets shows what becomes of it. */
  const holdsLocks = ({ call }: CrashPoint) =>
    !subject.startsAnother || !call.startsWith('saveReport ');

  const proofOf = (fault: string) => new Proof('boundaries', `${subject.runbook}: ${fault}`);

  test(
    'ends the same when the server is killed, wherever the run was',
    () =>
      everywhere(points, proofOf('the server is killed'), async (point) => {
        const { server } = harness.world;
        const there = await harness.interrupt(point, async (_, goOn) => {
          await server.kill();
          await goOn();
          await server.startAgain();
        });
        expect(there.reached).toBe(true);
        return (await expectSameEnd(harness, there)).outcome;
      }),
    timeoutMs,
  );

  test(
    'ends the same when Docker goes away and comes back, wherever the run was',
    () =>
      everywhere(points, proofOf('Docker is away'), async (point) => {
        const there = await harness.interrupt(point, async (_, goOn) => {
          await harness.docker.refuse();
          await goOn();
          // The outage is what is waited for here.
          await delay(3000);
          await harness.docker.accept();
        });
        expect(there.reached).toBe(true);
        return (await expectSameEnd(harness, there)).outcome;
      }),
    timeoutMs,
  );

  test(
    'ends the same when it is reset to any of its workflow tasks, wherever it was',
    () =>
      everywhere(points.filter(holdsLocks), proofOf('a reset under way'), async (point) => {
        const { client } = harness.world;
        let to = '';
        const there = await harness.interrupt(point, async (handle) => {
          const [eventId] = shuffled(await resetPoints(handle), Date.now());
          const { runId } = await handle.describe();
          to = String(eventId);
          if (eventId) await reset(client, { workflowId: handle.workflowId, runId }, eventId);
        });
        expect(there.reached).toBe(true);
        const { outcome } = await expectSameEnd(harness, there);
        return `${outcome}, reset to ${to || 'nothing: no task had ended'}`;
      }),
    timeoutMs,
  );
});
