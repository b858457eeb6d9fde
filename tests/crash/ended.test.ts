import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunReport } from '../../src/shared/report.ts';
import { type PlatformSnapshot, snapshotOf } from '../support/platform-snapshot.ts';
import { Proof } from '../support/proof.ts';
import { reset, resetPoints } from '../support/reset.ts';
import { allCases, shuffled } from '../support/sample.ts';
import { everywhere, expectSameEnd, sampleMs, timeoutMs } from './everywhere.ts';
import { CrashHarness, type CrashPoint, type CrashSubject, type Interrupted } from './harness.ts';
import { change, subjects } from './subjects.ts';

describe('deploy', () => {
  let harness: CrashHarness;
  let points: CrashPoint[];
  const [fresh] = subjects as readonly [CrashSubject];
  beforeAll(async () => {
    harness = await CrashHarness.open(fresh);
    points = await harness.points();
  });
  afterAll(() => harness?.close());

  async function terminated(point: CrashPoint): Promise<Interrupted> {
    const there = await harness.interrupt(point, async (handle) => {
      await handle.terminate('test');
    });
    expect(there.reached).toBe(true);
    return there;
  }

  test(
    'frees its lock when it is terminated anywhere, and the next one ends the same',
    () =>
      everywhere(points, new Proof('boundaries', 'deploy: terminated'), async (point) => {
        const there = await terminated(point);
        const handle = await harness.world.start('deploy');
        return (await expectSameEnd(harness, { ...there, handle })).outcome;
      }),
    timeoutMs,
  );

  test(
    'is swept when it was terminated anywhere: what it had started is gone',
    () =>
      everywhere(points, new Proof('boundaries', 'deploy: terminated and swept'), async (point) => {
        const { world } = harness;
        await terminated(point);
        const { exitCode, stderr } = await world.cli('sweep', '--yes', '--why', 'a test');
        expect(exitCode, stderr).toBe(0);
        expect(await attemptsUnderWay(world.stateDirectory)).toEqual([]);
        if (point.call.startsWith('saveReport ')) {
          // Everything was done and recorded before; only the report is missing.
          expect(stderr).toContain('nothing to sweep');
          return 'nothing to sweep: it had done everything';
        }
        expect(await snapshotOf(world.platform)).toEqual({ containers: [], networks: 0 });
        return stderr.includes('nothing to sweep') ? 'nothing to sweep' : 'swept';
      }),
    timeoutMs,
  );

  test(
    'does nothing again when it is reset after its end, to whichever of its workflow tasks',
    async () => {
      const { world } = harness;
      const proof = new Proof('boundaries', 'deploy: a reset after the end');
      await fresh.prepare(world);
      const handle = await world.start('deploy');
      await world.report(handle);
      const { runId } = await handle.describe();
      const all = await resetPoints(handle);
      const order = allCases ? all : shuffled(all, proof.seed);
      const before = await snapshotOf(world.platform);
      harness.effects();
      const deadline = Date.now() + sampleMs;
      let count = 0;
      for (const eventId of order) {
        if (!allCases && Date.now() > deadline) break;
        const again = await reset(world.client, { workflowId: handle.workflowId, runId }, eventId);
        const { outcome, error } = await world.report(again);
        expect({ eventId: String(eventId), outcome, error }).toEqual({
          eventId: String(eventId),
          outcome: 'succeeded',
        });
        expect(await snapshotOf(world.platform)).toEqual(before);
        count += 1;
      }
      expect(harness.effects().effects).toEqual({});
      await proof.shown(count, { of: all.length });
    },
    timeoutMs,
  );
});

const stoppable: readonly [string, CrashSubject][] = [
  ['a first deploy', subjects[0] as CrashSubject],
  ['a deploy of a change', change],
];

describe.each(stoppable)('%s that is stopped', (name, subject) => {
  let harness: CrashHarness;
  let points: CrashPoint[];
  let before: PlatformSnapshot;
  beforeAll(async () => {
    const prepare: CrashSubject['prepare'] = async (world) => {
      await subject.prepare(world);
      before = await snapshotOf(world.platform);
    };
    harness = await CrashHarness.open({ ...subject, prepare });
    points = await harness.points();
  });
  afterAll(() => harness?.close());

  test(
    'anywhere leaves the platform as it was before, and says what it has undone',
    () =>
      everywhere(points, new Proof('boundaries', `${name}: stopped`), async (point) => {
        const { world } = harness;
        let refusal: string | undefined;
        const there = await harness.interrupt(point, async (handle) => {
          refusal = await stop(handle);
        });
        expect(there.reached).toBe(true);
        const report = await world.report(there.handle);
        const after = await snapshotOf(world.platform);
        if (refusal !== undefined) {
          // Too early or too late: the run was not touched, and went on to its end.
          expect(refusal).toMatch(
            /^(a run that is (resolving|succeeded)|the run is ending and) cannot be stopped$/,
          );
          expect(report.outcome).toBe('succeeded');
          return `refused: ${refusal}`;
        }
        expect(report).toMatchObject({ outcome: 'stopped', changed: false });
        expect(after).toEqual(before);
        expect(undoneOf(report)).toEqual(undoableOf(await harness.calls(), report));
        expect(await attemptsUnderWay(world.stateDirectory)).toEqual([]);
        const undone = undoneOf(report);
        return `stopped, undone: ${undone.join(', ') || 'nothing'}`;
      }),
    timeoutMs,
  );
});

async function stop(handle: Interrupted['handle']): Promise<string | undefined> {
  try {
    await handle.executeUpdate('stop', { args: [{ mode: 'undo', by: 'test', why: 'a test' }] });
    return undefined;
  } catch (error) {
    if (!(error instanceof WorkflowUpdateFailedError)) throw error;
    return error.cause?.message ?? '';
  }
}

const undoneOf = ({ steps }: RunReport) =>
  steps
    .filter(({ status }) => status === 'undone')
    .map(({ id }) => id)
    .sort();

/** The steps that have an undo and whose act began, and those that were undone without one of their own. */
function undoableOf(calls: readonly string[], { steps }: RunReport): string[] {
  const called = (id: string, verb: string) =>
    calls.some((call) => call.endsWith(` ${id} ${verb}`));
  return steps
    .filter(({ id, undo }) => undo === 'undo' && (called(id, 'act') || called(id, 'undo')))
    .map(({ id }) => id)
    .sort();
}

/** Claims of attempts that have not ended, by file. */
async function attemptsUnderWay(stateDirectory: string): Promise<string[]> {
  const files = await readdir(join(stateDirectory, 'runs'), { recursive: true });
  return files.filter((file) => /\/fence\/.*\.json$/.test(file));
}
