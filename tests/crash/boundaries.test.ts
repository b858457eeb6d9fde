import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunReport } from '../../src/shared/report.ts';
import { type PlatformSnapshot, snapshotOf } from '../support/platform-snapshot.ts';
import { Proof } from '../support/proof.ts';
import { reset, resetPoints } from '../support/reset.ts';
import { allCases, shuffled } from '../support/sample.ts';
import { afterTerminate } from './after-terminate.ts';
import {
  CrashHarness,
  type CrashPoint,
  type CrashSubject,
  type Interrupted,
  nameOf,
} from './harness.ts';
import { change, subjects } from './subjects.ts';

/** What a sample of one fault on one runbook may take; with every case it is hours. */
const sampleMs = 12_000;
const timeoutMs = allCases ? 8 * 3_600_000 : sampleMs + 120_000;

/** What one case came to, for the evidence. */
interface Case {
  readonly case: string;
  readonly seconds: number;
  readonly outcome: string;
}

/** RUNBOOK_TEST_CASE repeats the points whose name holds this text. */
async function everywhere(
  points: readonly CrashPoint[],
  proof: Proof,
  at: (point: CrashPoint) => Promise<string>,
): Promise<void> {
  const order = (allCases ? [...points] : shuffled(points, proof.seed)).filter((point) =>
    nameOf(point).includes(process.env.RUNBOOK_TEST_CASE ?? ''),
  );
  const cases: Case[] = [];
  const deadline = Date.now() + sampleMs;
  for (const point of order) {
    if (!allCases && Date.now() > deadline) break;
    const startedMs = Date.now();
    try {
      const outcome = await at(point);
      const seconds = Math.round((Date.now() - startedMs) / 100) / 10;
      cases.push({ case: nameOf(point), seconds, outcome });
    } catch (error) {
      throw new Error(`${nameOf(point)} (seed ${proof.seed})`, { cause: error });
    }
  }
  expect(cases.length).toBeGreaterThan(0);
  await proof.shown(cases.length, allCases ? { cases } : { of: points.length });
}

/** The run went well all the same, and its effects are those of an undisturbed one. */
async function expectSameEnd(harness: CrashHarness, { handle }: Interrupted): Promise<RunReport> {
  // Whatever execution of it is the last: a reset makes another.
  const last = harness.world.client.workflow.getHandle(handle.workflowId);
  const report = await harness.world.report(last);
  expect(report.outcome, JSON.stringify(report.error)).toBe('succeeded');
  const { effects, wanted } = harness.effects();
  expect(effects).toEqual(wanted);
  return report;
}

describe.each(subjects)('$runbook', (subject) => {
  let harness: CrashHarness;
  let points: CrashPoint[];
  beforeAll(async () => {
    harness = await CrashHarness.open(subject);
    points = await harness.points();
  });
  afterAll(() => harness?.close());

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
      everywhere(points, proofOf('a reset under way'), async (point) => {
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

describe('deploy', () => {
  let harness: CrashHarness;
  let points: CrashPoint[];
  const [fresh] = subjects as readonly [CrashSubject];
  beforeAll(async () => {
    harness = await CrashHarness.open(fresh);
    points = await harness.points();
  });
  afterAll(() => harness?.close());

  test(
    'frees its lock when it is terminated anywhere, and the next one ends the same',
    () =>
      everywhere(points, new Proof('boundaries', 'deploy: terminated'), async (point) => {
        const { world } = harness;
        const there = await harness.interrupt(point, async (handle) => {
          await handle.terminate('test');
        });
        expect(there.reached).toBe(true);
        await afterTerminate(world);
        const handle = await world.start('deploy');
        return (await expectSameEnd(harness, { ...there, handle })).outcome;
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
