import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CrashPoint } from '../support/crash-point.ts';
import type { World } from '../support/world.ts';

let crash: CrashPoint;
let world: World;
let compose: string;
beforeAll(async () => {
  crash = await CrashPoint.open();
  world = crash.world;
  compose = await world.platform.read('compose.yaml');
});
afterAll(() => crash.close());

/** What a command says, without its line breaks. */
async function cli(...args: string[]) {
  const { exitCode, stderr } = await world.cli(...args);
  return { exitCode, words: stderr.replaceAll(/\s+/g, ' ') };
}

const sweep = (...args: string[]) => cli('sweep', ...args);

describe('a first deploy that was terminated', () => {
  afterEach(() => world.fresh());

  test.each(['before startService start-web act', 'after startService start-web act'])(
    '%s: a sweep takes away what it started and keeps data and secrets',
    async (point) => {
      const run = await crash.terminateAt(point, 'deploy');
      const { platform } = world;
      expect(await platform.containers()).not.toEqual([]);

      const status = await world.cli('status', run.workflowId);
      expect(status.stderr).toContain(`runbook sweep ${run.workflowId}`);
      expect((await world.cli('doctor')).stdout).toContain(run.workflowId);

      const unconfirmed = await sweep();
      expect(unconfirmed.exitCode).toBe(4);
      expect(unconfirmed.words).toContain('start-web undo "Start web", as far as it got');
      expect(unconfirmed.words).toContain('start-db undo "Start db"');
      expect(await platform.containers()).not.toEqual([]);

      const { exitCode, words } = await sweep('--yes', '--why', 'the wrong platform');
      expect(words).toContain('Stopped');
      expect(exitCode).toBe(0);
      expect(await platform.containers()).toEqual([]);
      expect(await platform.networks()).toEqual([]);
      expect(await platform.volumes()).toHaveLength(1);
      expect(await platform.read('.env')).toContain('WEB_TOKEN=');

      const report = await world.report(world.client.workflow.getHandle(run.workflowId));
      expect(report).toMatchObject({ outcome: 'stopped', changed: false });
      expect(report.decisions).toMatchObject([{ why: 'the wrong platform' }]);

      const again = await sweep('--yes');
      expect([again.exitCode, again.words]).toEqual([
        0,
        expect.stringContaining('nothing to sweep'),
      ]);
      expect((await world.cli('doctor')).stdout).toContain('none was ended in the middle');
    },
  );

  test('is finished by a retry, each container started once, and leaves nothing to sweep', async () => {
    const run = await crash.terminateAt('after startService start-db act', 'deploy', {
      meta: { reason: 'new release' },
    });
    const { exitCode, stderr } = await world.cli('retry', run.workflowId, '--yes', '--id', 'again');
    expect(stderr).toContain('Succeeded');
    expect(exitCode).toBe(0);
    expect(await world.platform.effects()).toEqual({ db: 1, migrate: 1, web: 1 });
    const report = await world.report(world.client.workflow.getHandle('again'));
    expect(report).toMatchObject({ retryOf: run.workflowId, reason: 'new release' });
    const history = await world.cli('history', '-o', 'json');
    expect(JSON.parse(history.stdout)).toContainEqual(
      expect.objectContaining({ run: 'again', retryOf: run.workflowId }),
    );

    // What the first run had begun belongs to the second one now.
    expect((await sweep('--yes')).words).toContain('nothing to sweep');
    const swept = await sweep(run.workflowId, '--yes');
    expect([swept.exitCode, swept.words]).toEqual([0, expect.stringContaining('RB_SUPERSEDED')]);
    expect(await world.platform.containers()).toHaveLength(3);
    expect(await world.platform.effects()).toEqual({ db: 1, migrate: 1, web: 1 });
  });
});

describe('a deploy over a release that was terminated', () => {
  beforeAll(() => world.deployed());
  afterEach(() => world.platform.edit('compose.yaml', () => compose));

  test('is swept back to the release', async () => {
    const ids = async () => (await world.platform.containers()).map(({ id }) => id).sort();
    const before = await ids();
    await world.platform.edit('compose.yaml', (text) =>
      text.replace('  web:\n', '  web:\n    environment: { EXTRA: "1" }\n'),
    );
    const run = await crash.terminateAt('after startService start-web act', 'deploy');
    expect(await ids()).not.toEqual(before);
    const { exitCode, words } = await sweep(run.workflowId, '--yes');
    expect(words).toContain('undone');
    expect(exitCode).toBe(0);
    await world.platform.edit('compose.yaml', () => compose);
    const report = await world.report(await world.start('deploy'));
    expect(report).toMatchObject({ outcome: 'succeeded', changed: false });
  });

  test('is retried from a step: what comes before it is only looked at', async () => {
    await world.platform.edit('compose.yaml', (text) =>
      text.replace('  web:\n', '  web:\n    environment: { EXTRA: "2" }\n'),
    );
    const run = await crash.terminateAt('before startService start-web act', 'deploy');
    const from = (step: string) => cli('retry', run.workflowId, '--from', step, '--yes');
    const misspelt = await from('recrod');
    expect([misspelt.exitCode, misspelt.words]).toEqual([2, expect.stringContaining('"record"')]);
    const unknown = await from('start-wob');
    expect(unknown.exitCode).toBe(2);
    expect(unknown.words).toContain('RB_STEP_UNKNOWN');
    expect(unknown.words).toContain('did you mean "start-web"?');
    const tooLate = await from('record');
    expect(tooLate.exitCode).toBe(4);
    expect(tooLate.words).toContain('RB_FROM_NOT_IN_PLACE');
    expect(tooLate.words).toContain('--from start-web');
    const { exitCode } = await from('start-web');
    expect(exitCode).toBe(0);
    expect(await world.platform.effects()).toMatchObject({ db: 1, migrate: 1 });
  });
});

test('an open run is neither swept nor retried', async () => {
  await world.platform.edit('compose.yaml', (text) =>
    text.replace('command: [web]', 'command: [wob]'),
  );
  const run = await world.start('deploy', { options: { onFailure: 'park' } });
  await world.untilState(run, ({ state }) => state === 'parked', 60_000);
  const retried = await cli('retry', run.workflowId, '--yes');
  expect([retried.exitCode, retried.words]).toEqual([4, expect.stringContaining('runbook decide')]);
  const swept = await sweep(run.workflowId, '--yes');
  expect([swept.exitCode, swept.words]).toEqual([4, expect.stringContaining('runbook stop')]);
  await run.terminate();
  const parked = await sweep('--yes');
  expect(parked.exitCode).toBe(0);
  const web = (await world.platform.containers()).find(({ service }) => service === 'web');
  expect(web?.state).toBe('running');
});
