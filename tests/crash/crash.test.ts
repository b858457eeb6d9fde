import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allCases, seedOfThisRun, shuffled } from '../support/sample.ts';
import { evidenceCases, readEvidence, writeEvidence } from './evidence.ts';
import { CrashHarness, type CrashOutcome, type CrashPoint, nameOf } from './harness.ts';
import { labSubjects, subjects } from './subjects.ts';

/** What a sample may take; with every case it is hours. */
const sampleMs = 40_000;
const allMs = 8 * 3_600_000;

/**
 * How often the worker dies in one run. Mini is up in seconds, so each death there has a run of its own. On the
 * lab a run takes minutes. Its deaths lie so far apart that no step comes near to the lost attempts that it may have.
 */
const deathsPerRun = { mini: 1, lab: 10 } as const;

/** RUNBOOK_TEST_CASE repeats the points whose name holds this text. */
const chosen = (order: CrashPoint[]) =>
  order.filter((point) => nameOf(point).includes(process.env.RUNBOOK_TEST_CASE ?? ''));

/** Deals the points out, so that those of one run lie far apart. */
function dealt(points: readonly CrashPoint[], perRun: number): CrashPoint[][] {
  const runs = Math.ceil(points.length / perRun);
  return Array.from({ length: runs }, (_, run) => points.filter((__, n) => n % runs === run));
}

/** Nothing when the worker died as told, the run succeeded all the same, and did what an undisturbed one does. */
function whatIsWrong(outcome: CrashOutcome): string | undefined {
  const { points, missed, report, effects, wanted, problem } = outcome;
  const isSame = report.outcome === 'succeeded' && isDeepStrictEqual(effects, wanted);
  if (missed.length === 0 && isSame && problem === undefined) return undefined;
  const facts = JSON.stringify({ missed, effects, wanted, problem, error: report.error });
  return `${points.map(nameOf).join(', ')}: ${report.summary} ${facts}`;
}

/** The lab takes hours, so it is for `--all`; RUNBOOK_TEST_PLATFORM takes one of the two alone. */
const platforms = (['mini', 'lab'] as const).filter((platform) =>
  allCases
    ? [platform, undefined].includes(process.env.RUNBOOK_TEST_PLATFORM as 'mini')
    : platform === 'mini',
);
const cases = platforms.flatMap((platform) =>
  [...subjects, ...(platform === 'lab' ? labSubjects : [])].map((subject) => {
    const of = subject.of === undefined ? '' : ` of ${subject.of}`;
    return { ...subject, platform, title: `${subject.runbook}${of} on ${platform}` };
  }),
);

describe.each(cases)('$title', ({ platform, title, ...subject }) => {
  let harness: CrashHarness;
  let points: CrashPoint[];
  beforeAll(async () => {
    harness = await CrashHarness.open(subject, platform);
    points = await harness.points();
  });
  afterAll(() => harness?.close());

  test(
    'ends the same, with each effect once, wherever the worker was killed',
    async ({ annotate }) => {
      const seed = seedOfThisRun();
      const order = chosen(allCases ? points : shuffled(points, seed));
      const runs = dealt(order, deathsPerRun[platform]);
      await annotate(`seed ${seed}`);
      const outcomes: CrashOutcome[] = [];
      const deadline = Date.now() + sampleMs;
      for (const run of runs) {
        if (!allCases && Date.now() > deadline) break;
        const outcome = await harness.run(run);
        outcomes.push(outcome);
        if (allCases) await writeEvidence(subject.runbook, evidenceCases(outcome, platform));
      }
      const died = outcomes.flatMap((outcome) => outcome.points).length;
      process.stdout.write(`${title}: ${died} of ${points.length} points, seed ${seed}\n`);
      expect(outcomes.length).toBeGreaterThan(0);
      expect(outcomes.map(whatIsWrong).filter((wrong) => wrong !== undefined)).toEqual([]);
    },
    allCases ? allMs : sampleMs + 120_000,
  );

  test('has evidence of every point at which its worker can die', async () => {
    const evidence = await readEvidence(subject.runbook);
    const lines = evidence.cases.filter((line) => line.platform === platform);
    const known = new Set(lines.map((line) => line.case));
    const missing = points.map(nameOf).filter((name) => !known.has(name));
    expect(missing).toEqual([]);
    expect(lines.every((line) => line.outcome === 'succeeded')).toBe(true);
  });
});
