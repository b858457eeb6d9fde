import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evidenceCase, readEvidence, writeEvidence } from './evidence.ts';
import { CrashHarness, type CrashOutcome, type CrashPoint } from './harness.ts';
import { allCases, seedOfThisRun, shuffled } from './sample.ts';
import { subjects } from './subjects.ts';

/** What a sample may take; with every case it is hours. */
const sampleMs = 150_000;
const allMs = 8 * 3_600_000;

/** RUNBOOK_TEST_CASE repeats the points whose name holds this text. */
const chosen = (order: CrashPoint[]) =>
  order.filter(({ when, call }) => `${when} ${call}`.includes(process.env.RUNBOOK_TEST_CASE ?? ''));

/** Nothing when the worker died as told, the run succeeded all the same, and did what an undisturbed one does. */
function whatIsWrong(outcome: CrashOutcome): string | undefined {
  const { point, died, report, effects, wanted } = outcome;
  if (died && report.outcome === 'succeeded' && isDeepStrictEqual(effects, wanted))
    return undefined;
  const facts = JSON.stringify({ died, effects, wanted, error: report.error });
  return `${point.when} ${point.call}: ${report.summary} ${facts}`;
}

/** The lab takes hours, so it is for `--all`; RUNBOOK_TEST_PLATFORM takes one of the two alone. */
const platforms = (['mini', 'lab'] as const).filter((platform) =>
  allCases
    ? [platform, undefined].includes(process.env.RUNBOOK_TEST_PLATFORM as 'mini')
    : platform === 'mini',
);
const cases = platforms.flatMap((platform) =>
  subjects.map((subject) => ({ ...subject, platform })),
);

describe.each(cases)('$runbook on $platform', ({ platform, ...subject }) => {
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
      await annotate(`seed ${seed}`);
      const outcomes: CrashOutcome[] = [];
      const deadline = Date.now() + sampleMs;
      for (const point of order) {
        if (!allCases && Date.now() > deadline) break;
        outcomes.push(await harness.run(point));
      }
      if (allCases) {
        await writeEvidence(
          subject.runbook,
          outcomes.map((outcome) => evidenceCase(outcome, platform)),
        );
      }
      process.stdout.write(
        `${subject.runbook} on ${platform}: ${outcomes.length} of ${points.length} points, seed ${seed}\n`,
      );
      expect(outcomes.length).toBeGreaterThan(0);
      expect(outcomes.map(whatIsWrong).filter((wrong) => wrong !== undefined)).toEqual([]);
    },
    allCases ? allMs : sampleMs + 120_000,
  );

  test('has evidence of every point at which its worker can die', async () => {
    const evidence = await readEvidence(subject.runbook);
    const lines = evidence.cases.filter((line) => line.platform === platform);
    const known = new Set(lines.map((line) => line.case));
    const missing = points.map(({ when, call }) => `${when} ${call}`).filter((p) => !known.has(p));
    expect(missing).toEqual([]);
    expect(lines.every((line) => line.outcome === 'succeeded')).toBe(true);
  });
});
