import { expect } from 'vitest';
import type { RunReport } from '../../src/shared/report.ts';
import type { RunState } from '../../src/shared/run-state.ts';
import type { Proof } from '../support/proof.ts';
import { allCases, shuffled } from '../support/sample.ts';
import { type CrashHarness, type CrashPoint, type Interrupted, nameOf } from './harness.ts';

/** What a sample of one fault on one runbook may take; with every case it is hours. */
export const sampleMs = 8_000;
export const timeoutMs = allCases ? 8 * 3_600_000 : sampleMs + 120_000;

/** What one case came to, for the evidence. */
interface Case {
  readonly case: string;
  readonly seconds: number;
  readonly outcome: string;
}

/**
 * Does `at` at one point after the other, as far as a sample has time, and fails with all that went wrong.
 * RUNBOOK_TEST_CASE repeats the points whose name holds this text.
 */
export async function everywhere(
  points: readonly CrashPoint[],
  proof: Proof,
  at: (point: CrashPoint) => Promise<string>,
): Promise<void> {
  const order = (allCases ? [...points] : shuffled(points, proof.seed)).filter((point) =>
    nameOf(point).includes(process.env.RUNBOOK_TEST_CASE ?? ''),
  );
  const cases: Case[] = [];
  const wrong: Error[] = [];
  const deadline = Date.now() + sampleMs;
  for (const point of order) {
    if (!allCases && Date.now() > deadline) break;
    const startedMs = Date.now();
    try {
      const outcome = await at(point);
      const seconds = Math.round((Date.now() - startedMs) / 100) / 10;
      cases.push({ case: nameOf(point), seconds, outcome });
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      wrong.push(new Error(`${nameOf(point)} (seed ${proof.seed}): ${what}`, { cause: error }));
    }
  }
  if (wrong.length > 0) {
    throw new AggregateError(wrong, wrong.map(({ message }) => message).join('\n'));
  }
  expect(cases.length).toBeGreaterThan(0);
  await proof.shown(cases.length, allCases ? { cases } : { of: points.length });
}

/** The run went well all the same, and its effects are those of an undisturbed one. */
export async function expectSameEnd(harness: CrashHarness, there: Interrupted): Promise<RunReport> {
  await expectNoPark(harness, there);
  const report = await harness.lastReport(there);
  expect(report.outcome, JSON.stringify(report.error)).toBe('succeeded');
  expect(await harness.problem(report)).toBeUndefined();
  const { effects, wanted } = harness.effects();
  expect(effects).toEqual(wanted);
  return report;
}

/** Nobody is there to decide: a run that parks would be waited for until the test's time is over. */
async function expectNoPark({ world }: CrashHarness, { handle }: Interrupted): Promise<void> {
  const latest = world.client.workflow.getHandle(handle.workflowId);
  const isSettled = ({ state, endedAt }: RunState) => state === 'parked' || endedAt !== undefined;
  const { steps } = await world.untilState(latest, isSettled, 100_000);
  const parked = steps.filter(({ status }) => status === 'parked');
  expect(parked.map(({ id, error }) => ({ id, error }))).toEqual([]);
}
