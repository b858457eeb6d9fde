import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { GateRecord } from '../../src/shared/gate.ts';
import type { RunReport } from '../../src/shared/report.ts';
import type { RunState } from '../../src/shared/run-state.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

const section = (expiresAfter: string) => `approvals:
  groups: { ops: [bob, carl] }
  approvers: [ops, dora]
  required: 2
  expiresAfter: ${expiresAfter}
  always: { runbooks: [deploy] }
services:
`;

let world: World;
beforeAll(async () => {
  world = await World.open({ platform: 'mini' });
});
afterAll(() => world.close());

const demand = (expiresAfter: string) =>
  world.platform.edit('platform.yaml', (text) =>
    text.replace(/(approvals:\n( .*\n)+)?services:\n/, section(expiresAfter)),
  );
beforeEach(() => demand('1h'));

/** What the web service says of itself; a change of it recreates the container. */
const labelled = (value: string) =>
  world.platform.edit('compose.yaml', (text) =>
    text.replace(
      /command: \[web\](\n +labels: .*)?/,
      `command: [web]\n    labels: { x: "${value}" }`,
    ),
  );

async function startDetached(): Promise<string> {
  const { exitCode, stdout } = await world.cli('start', 'deploy', '--yes', '--detach');
  expect(exitCode).toBe(0);
  return stdout.trim();
}

async function stateOf(run: string): Promise<RunState> {
  return JSON.parse((await world.cli('status', run, '-o', 'json')).stdout) as RunState;
}

function untilGate(run: string, openings = 1): Promise<GateRecord> {
  return until(
    `the gate of ${run} has opened ${openings} times`,
    async () => {
      const { gates = [] } = await stateOf(run);
      const [gate] = gates;
      return gate?.status === 'open' && gate.openings === openings && gate;
    },
    60_000,
  );
}

const approve = (run: string, by: string, { plan }: GateRecord) =>
  world.cli(
    ...['approve', run, '--yes', '--digest', plan.digest.slice(0, 12)],
    ...['--by', by, '--why', `${by} has read it`],
  );

async function watched(run: string): Promise<{ exitCode: number; report: RunReport }> {
  const { exitCode, stdout } = await world.cli('watch', run, '-o', 'json');
  return { exitCode, report: JSON.parse(stdout) as RunReport };
}

test('a deploy waits for two of three people, tells whoever looks, and begins with the second', async () => {
  const { stdout } = await world.cli('start', 'deploy', '--plan');
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
    'Before it begins the run needs 2 approvals by bob, carl or dora, not by whoever started it',
  );
  const run = await startDetached();
  const gate = await untilGate(run);
  const watch = await world.cli('watch', run);
  expect(watch.exitCode).toBe(8);
  expect(watch.stderr).toContain(`run ${run} waits for approval:`);
  expect(watch.stderr).toContain(`runbook approve ${run} start --why TEXT`);
  expect((await world.cli('status')).stdout).toContain('waiting-for-approval');
  expect(await world.platform.containers()).toEqual([]);

  const unread = await world.cli('approve', run, '--yes', '--by', 'bob', '--why', 'x');
  expect(unread.exitCode).toBe(4);
  expect(unread.stderr).toContain('RB_CONFIRMATION_NEEDED');
  const stranger = await approve(run, 'eve', gate);
  expect(stranger).toMatchObject({ exitCode: 4 });
  expect(stranger.stderr).toContain('eve is not one of the approvers: bob, carl, dora');

  expect((await approve(run, 'bob', gate)).stderr).toContain('approved start: 1 of 2 approvals');
  expect((await approve(run, 'bob@home', gate)).stderr).toContain('bob has approved already');
  expect((await approve(run, 'dora', gate)).exitCode).toBe(0);
  const { exitCode, report } = await watched(run);
  expect(exitCode).toBe(0);
  expect(report).toMatchObject({
    outcome: 'succeeded',
    approvedPlan: { digest: gate.plan.digest },
  });
  const identity = expect.stringMatching(/^.+@.+ pid \d+$/);
  expect(report.gates?.[0]?.answers).toMatchObject([
    { by: 'bob', identity },
    { by: 'dora', identity },
  ]);
  const page = await world.cli('report', run, '--html', '-');
  expect(page.stdout).toContain('<h2>Approvals</h2>');
  expect((await world.cli('report', run)).stdout).toContain('approve by dora: dora has read it');
});

test('a change by hand in between opens the gate anew; what was approved is not done', async () => {
  await labelled('6');
  const run = await startDetached();
  const gate = await untilGate(run);
  await approve(run, 'bob', gate);
  await labelled('7');
  await approve(run, 'carl', gate);
  const again = await untilGate(run, 2);
  expect(again.answers.map((answer) => answer.void)).toEqual([true, true]);
  expect((await approve(run, 'bob', gate)).exitCode).toBe(4);
  const holders = await world.cli('locks', '-o', 'json');
  expect(holders.stdout).not.toContain(run);
  await approve(run, 'carl', again);
  await approve(run, 'dora', again);
  const { exitCode, report } = await watched(run);
  expect(exitCode).toBe(0);
  expect(report.approvedPlan?.digest).toBe(again.plan.digest);
});

test('the question names what changes, and no value', async () => {
  await labelled('cAnArY-7781');
  const { stdout } = await world.cli('start', 'deploy', '--plan');
  const run = await startDetached();
  const { plan } = await untilGate(run);
  const words = 'recreate web: labels (changed x)';
  expect(plan.lines.find(({ step }) => step === 'start-web')?.change).toBe(words);
  const asked = await world.cli('status', run);
  const heard = await world.cli('watch', run);
  const texts = [stdout, asked.stdout, heard.stderr].map((text) => text.replaceAll(/\s+/g, ' '));
  for (const text of texts) expect(text).toContain(words);
  expect([...texts, JSON.stringify(plan)].join()).not.toContain('cAnArY');
  await world.cli('reject', run, '--yes', '--by', 'bob', '--why', 'only a question');
});

test('a rejection ends it with the reason, and nothing was changed', async () => {
  await labelled('8');
  const run = await startDetached();
  await untilGate(run);
  const before = await world.platform.containers();
  const rejected = await world.cli('reject', run, '--yes', '--by', 'bob', '--why', 'not tonight');
  expect(rejected.exitCode).toBe(0);
  const { exitCode, report } = await watched(run);
  expect(exitCode).toBe(4);
  expect(report).toMatchObject({ outcome: 'blocked', changed: false });
  expect(report.error?.what).toContain('was rejected by bob: not tonight');
  expect(await world.platform.containers()).toEqual(before);
});

test('a run that nobody approves in time ends by itself', async () => {
  await demand('10s');
  const run = await startDetached();
  await untilGate(run);
  const { exitCode, report } = await until(
    'the run has ended',
    async () => {
      const seen = await world.cli('watch', run, '-o', 'json');
      return (
        seen.exitCode !== 8 && {
          exitCode: seen.exitCode,
          report: JSON.parse(seen.stdout) as RunReport,
        }
      );
    },
    60_000,
  );
  expect(exitCode).toBe(4);
  expect(report).toMatchObject({ outcome: 'blocked', error: { code: 'RB_APPROVAL_EXPIRED' } });
});
