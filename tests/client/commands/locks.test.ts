import { expect, test } from 'vitest';
import { locks, releaseLock } from '../../../src/client/commands/locks.ts';
import type { LockBook, LockHolder } from '../../../src/shared/lock.ts';
import { recordSession } from '../support/recorder.ts';
import { row } from '../support/samples.ts';
import { ScriptedRuns } from '../support/scripted-runs.ts';

const at = '2026-11-24T14:00:00.000Z';
const holder = (workflowId: string): LockHolder => ({
  workflowId,
  execution: `${workflowId}-first`,
  mode: 'exclusive',
  at,
  token: 7,
});
const book = (key: string, holders: LockHolder[], queue: LockHolder[] = []): LockBook => ({
  key,
  holders,
  queue,
  token: 7,
});
const order = { key: 'lab', confirm: 'lab', why: 'host is gone', by: 'ann', force: false };

test('locks shows holders and the queue, and leaves free locks out', async () => {
  const books = [book('lab', [holder('deploy-1')], [holder('deploy-2')]), book('mini', [])];
  const { session, stdout } = recordSession({ runs: new ScriptedRuns({ locks: books }) });
  expect(await locks({}, session)).toBe(0);
  const [head, ...rows] = stdout.text.trimEnd().split('\n');
  expect(head?.split(/ +/)).toEqual(['LOCK', 'PLACE', 'MODE', 'SINCE', 'RUN']);
  expect(rows.map((row) => row.split(/ {2,}/).filter((_, column) => column !== 3))).toEqual([
    ['lab', 'holds', 'exclusive', 'deploy-1'],
    ['lab', 'waits 1', 'exclusive', 'deploy-2'],
  ]);
});

test('where no lock is held there is no table, only a note', async () => {
  const { session, stdout, stderr } = recordSession({
    runs: new ScriptedRuns({ locks: [book('lab', [])] }),
  });
  await locks({}, session);
  expect([stdout.text, stderr.text]).toEqual(['', 'no lock is held\n']);
});

test('a lock is taken from its only holder', async () => {
  const runs = new ScriptedRuns({ locks: [book('lab', [holder('deploy-1')])] });
  const { session, stderr } = recordSession({ runs });
  expect(await releaseLock(order, session)).toBe(0);
  expect(runs.broken).toEqual([
    {
      key: 'lab',
      workflowId: 'deploy-1',
      execution: 'deploy-1-first',
      by: 'ann',
      why: 'host is gone',
    },
  ]);
  expect(stderr.text).toBe('lab was taken from deploy-1\nrunbook status deploy-1\n');
});

test('a run that waits is thrown out by its name', async () => {
  const runs = new ScriptedRuns({
    locks: [book('lab', [holder('deploy-1')], [holder('deploy-2')])],
  });
  await releaseLock({ ...order, run: 'deploy-2' }, recordSession({ runs }).session);
  expect(runs.broken).toMatchObject([{ workflowId: 'deploy-2' }]);
});

const inUse = () =>
  new ScriptedRuns({
    locks: [book('lab', [holder('deploy-1')])],
    rows: [row({ run: 'deploy-1', open: true, state: 'running', step: 'start-web' })],
  });

test('a lock is not taken from a run that works, and the refusal says what it does', async () => {
  const runs = inUse();
  const releasing = releaseLock(order, recordSession({ runs }).session);
  await expect(releasing).rejects.toMatchObject({
    code: 'RB_LOCK_IN_USE',
    message: 'the lock lab is in use: deploy-1 is open (running, at step start-web)',
    fix: expect.stringContaining('runbook stop deploy-1 --why TEXT'),
  });
  expect(runs.broken).toEqual([]);
});

test('with --force it is taken all the same', async () => {
  const runs = inUse();
  expect(await releaseLock({ ...order, force: true }, recordSession({ runs }).session)).toBe(0);
  expect(runs.broken).toMatchObject([{ workflowId: 'deploy-1' }]);
});

test('a run whose workflow code fails cannot give its lock back, so none is asked for', async () => {
  const trouble = { code: 'RB_X', what: 'x', why: 'x', fix: 'x', attempts: 4 };
  const runs = new ScriptedRuns({
    locks: [book('lab', [holder('deploy-1')])],
    rows: [row({ run: 'deploy-1', open: true, trouble })],
  });
  expect(await releaseLock(order, recordSession({ runs }).session)).toBe(0);
});

test.each([
  ['without a confirmation', { confirm: undefined }, 'RB_CONFIRMATION_NEEDED'],
  ['with the name of another lock', { confirm: 'mini' }, 'RB_CONFIRMATION_NEEDED'],
  ['of a lock that nobody knows', { key: 'x', confirm: 'x' }, 'RB_LOCK_RELEASE_REFUSED'],
  ['of a lock with two holders', {}, 'RB_LOCK_RELEASE_REFUSED'],
  ['of a run that is in neither place', { run: 'deploy-9' }, 'RB_LOCK_RELEASE_REFUSED'],
])('a release %s is refused before anything is sent', async (_, options, code) => {
  const runs = new ScriptedRuns({
    locks: [book('lab', [holder('deploy-1'), holder('deploy-2')])],
  });
  const releasing = releaseLock({ ...order, ...options }, recordSession({ runs }).session);
  await expect(releasing).rejects.toMatchObject({ code });
  expect(runs.broken).toEqual([]);
});
