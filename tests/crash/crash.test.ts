import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evidenceCase, readEvidence, writeEvidence } from './evidence.ts';
import { CrashHarness, type CrashOutcome, type CrashPoint } from './harness.ts';
import { allCases, seedOfThisRun, shuffled } from './sample.ts';
import { subjects } from './subjects.ts';

/** What a sample may take; with every case it is hours. */
const sampleMs = 150_000;
const allMs = 4 * 3_600_000;

/** RUNBOOK_TEST_CASE repeats the points whose name holds this text. */
const chosen = (order: CrashPoint[]) =>
  order.filter(({ when, call }) => `${when} ${call}`.includes(process.env.RUNBOOK_TEST_CASE ?? ''));

const onceEach = JSON.stringify({ db: 1, migrate: 1, web: 1 });

/** Nothing when the worker died as told, the run succeeded all the same, and each effect is there once. */
function whatIsWrong({ point, died, report, effects }: CrashOutcome): string | undefined {
  const right = died && report.outcome === 'succeeded' && JSON.stringify(effects) === onceEach;
  if (right) return undefined;
  const facts = JSON.stringify({ died, effects, error: report.error });
  return `${point.when} ${point.call}: ${report.summary} ${facts}`;
}

describe.each(subjects)('$runbook', (subject) => {
  let harness: CrashHarness;
  let points: CrashPoint[];
  beforeAll(async () => {
    harness = await CrashHarness.open(subject);
    points = await harness.points();
  });
  afterAll(() => harness.close());

  test(
    'ends the same, with each effect once, wherever the worker was killed',
    async ({ annotate }) => {
      const seed = seedOfThisRun();
      const order = chosen(allCases ? points : shuffled(points, seed));
      await annotate(`seed ${seed}`);
      const outcomes: CrashOutcome[] = [];
      const deadline = Date.now() + sampleMs;
      for (const point of order) {
        if (!allCases && Date.now() > deadline) break;
        outcomes.push(await harness.run(point));
      }
      const cases = outcomes.map((outcome) => evidenceCase(outcome, 'mini'));
      if (allCases) await writeEvidence(subject.runbook, cases);
      process.stdout.write(
        `${subject.runbook}: ${cases.length} of ${points.length} points, seed ${seed}\n`,
      );
      expect(cases.length).toBeGreaterThan(0);
      expect(outcomes.map(whatIsWrong).filter((wrong) => wrong !== undefined)).toEqual([]);
    },
    allCases ? allMs : sampleMs + 120_000,
  );

  test('has evidence of every point at which its worker can die', async () => {
    const evidence = await readEvidence(subject.runbook);
    const known = new Set(evidence.cases.map((line) => line.case));
    const missing = points.map(({ when, call }) => `${when} ${call}`).filter((p) => !known.has(p));
    expect(missing).toEqual([]);
    expect(evidence.cases.every((line) => line.outcome === 'succeeded')).toBe(true);
  });
});
