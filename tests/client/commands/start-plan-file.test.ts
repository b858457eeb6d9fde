import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StartOptions, start } from '../../../src/client/commands/start.ts';
import { planText } from '../../../src/shared/plan-text.ts';
import type { RunReport } from '../../../src/shared/report.ts';
import { recordSession } from '../support/recorder.ts';
import { report, state } from '../support/samples.ts';
import { ScriptedRuns } from '../support/scripted-runs.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rbtest-plan-'));
});
afterAll(() => rm(folder, { recursive: true }));

const lines = [{ step: 'a', title: 'A', now: 'old', change: 'new', undo: 'undo' }] as const;

/** The report of a plan as a worker makes it. */
function planned(facts: Partial<RunReport> = {}): RunReport {
  const made = report({
    outcome: 'planned',
    plan: true,
    params: { removeOrphans: true },
    ...facts,
  });
  const { runbook, platform, params, codeVersion } = made;
  const text = planText(runbook, platform, { params, codeVersion, platformDigest: 'p', lines });
  const digest = createHash('sha256').update(text).digest('hex');
  return { ...made, approvedPlan: { digest, lines, changes: 1, platformDigest: 'p' } };
}

const options: StartOptions = {
  ...{ runbook: '', plan: false, exitCode: false, set: [], detach: true, yes: false },
};

async function startFrom(text: string, given: Partial<StartOptions> = {}, isTTY = false) {
  await writeFile(join(folder, 'plan.json'), text);
  const runs = new ScriptedRuns({});
  const recorded = recordSession({ runs, isTTY });
  const session = { ...recorded.session, cwd: folder };
  const code = start({ ...options, planFile: 'plan.json', ...given }, session);
  return { runs, code, ...recorded };
}

test('a plan that was written is started as it is, bound to its digest, and nobody is asked', async () => {
  const plan = planned({ onFailure: 'undo', reason: 'release 3' });
  const { runs, code, stdout, stderr } = await startFrom(JSON.stringify(plan));
  expect(await code).toBe(0);
  expect(runs.started).toHaveLength(1);
  expect(runs.started[0]).toMatchObject({
    runbook: 'deploy',
    request: {
      platform: 'lab',
      params: { removeOrphans: true },
      options: { onFailure: 'undo', planDigest: plan.approvedPlan?.digest },
      meta: { reason: 'release 3', trigger: 'cli' },
    },
  });
  expect(stdout.text).toMatch(/^deploy-lab-/);
  expect(stderr.text).toContain('Plan: 1 change, 0 in place.');
});

test('--plan-out writes what --plan-file starts, and shows the plan all the same', async () => {
  const plan = planned();
  const runs = new ScriptedRuns({ states: [state()], end: { report: plan } });
  const { session, stdout, stderr } = recordSession({ runs });
  const given = { ...options, runbook: 'deploy', plan: true, planOut: 'out.json' };
  expect(await start(given, { ...session, cwd: folder })).toBe(0);
  expect(stdout.text).toContain('Plan: 1 change, 0 in place.');
  expect(stderr.text).toContain('runbook start deploy --plan-file out.json');
  const { runs: started, code } = await startFrom(await readFile(join(folder, 'out.json'), 'utf8'));
  expect(await code).toBe(0);
  expect(started.started[0]?.request.options?.planDigest).toBe(plan.approvedPlan?.digest);
});

test('what is said again must be the same; why and how to fail may be said anew', async () => {
  const same = { runbook: 'deploy', platform: 'lab', set: ['removeOrphans=true'] };
  const anew = { reason: 'again', onFailure: 'park' } as const;
  const { runs, code } = await startFrom(JSON.stringify(planned()), { ...same, ...anew });
  expect(await code).toBe(0);
  expect(runs.started[0]?.request).toMatchObject({
    options: { onFailure: 'park' },
    meta: { reason: 'again' },
  });
});

test.each([
  ['another runbook', { runbook: 'verify-platform' }, 'the runbook of the plan is "deploy"'],
  ['another platform', { platform: 'shop' }, 'the platform of the plan is "lab", not "shop"'],
  [
    'another value',
    { set: ['removeOrphans=false'] },
    'parameter removeOrphans of the plan is true',
  ],
  ['another parameter', { set: ['x=1'] }, 'the parameter x of the plan is not set, not 1'],
] as const)('a plan of %s is refused', async (_, given, why) => {
  const { runs, code } = await startFrom(JSON.stringify(planned()), given);
  await expect(code).rejects.toMatchObject({
    code: 'RB_PLAN_FILE',
    why: expect.stringContaining(why),
  });
  expect(runs.started).toEqual([]);
});

const text = (): string => JSON.stringify(planned());

const damages: Readonly<Record<string, () => string>> = {
  'cut off': () => text().slice(0, 200),
  empty: () => '',
  'no object': () => '[]',
  'of an ended run': () => JSON.stringify(report()),
  'of a plan that failed': () => JSON.stringify({ ...planned(), outcome: 'failed' }),
  'without its plan': () => JSON.stringify({ ...planned(), approvedPlan: null }),
  'with another change': () => text().replace('"new"', '"newer"'),
  'for another platform': () => text().replaceAll('"lab"', '"shop"'),
  'with another digest': () => text().replace(/"digest":"./, '"digest":"x'),
  'larger than any report': () => JSON.stringify({ ...planned(), by: 'x'.repeat(300_000) }),
};

test.each(Object.entries(damages))('a damaged file is refused: %s', async (_, damaged) => {
  const { runs, code } = await startFrom(damaged());
  await expect(code).rejects.toMatchObject({ code: 'RB_PLAN_FILE', fix: expect.any(String) });
  expect(runs.started).toEqual([]);
});

test('a file that is not there is said to be unreadable', async () => {
  const { code } = await startFrom('', { planFile: 'no.json' });
  await expect(code).rejects.toMatchObject({ code: 'RB_FILE_UNREADABLE' });
});
