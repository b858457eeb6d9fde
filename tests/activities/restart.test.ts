import { describe, expect, test } from 'vitest';
import { createRestartActivities } from '../../src/activities/restart.ts';
import { container } from './docker-double.ts';
import { runAttempt } from './test-attempt.ts';
import { testRun } from './test-platform-run.ts';

const services = {
  db: { kind: 'container' },
  job: { kind: 'one-shot' },
  web: { kind: 'container', members: ['web1', 'web2'], healthTimeout: '40s' },
};

function prepared() {
  const run = testRun({ db: 'h', job: 'h', web1: 'h', web2: 'h' }, { services });
  run.world.containers = ['db', 'job', 'web1', 'web2'].map((name) => container(name));
  const restart = createRestartActivities(run.deps);
  const lookAs =
    (phase: 'probe' | 'verify') =>
    (...names: string[]) => {
      const ctx = { ...run.attempt.ctx, phase };
      return runAttempt({ ...run.attempt, ctx }, () =>
        restart.restartTargets(ctx, { services: names }),
      );
    };
  return { ...run, restart, look: lookAs('probe'), lookOnce: lookAs('verify') };
}

describe('the look', () => {
  test('says which members restart, how, and for how long the service may be away', async () => {
    const { look } = prepared();
    const [db, web] = await look('web', 'db');
    expect(db).toMatchObject({
      service: 'db',
      together: true,
      members: ['db'],
      now: 'running',
      change: 'restart db; db is away until it is ready, within 120 s',
    });
    expect(web).toMatchObject({
      service: 'web',
      members: ['web1', 'web2'],
      now: '2 running',
      change: 'restart web1, web2 at once; web is away until it is ready, within 40 s',
    });
  });

  test('reads the same for a container that crashes over and over', async () => {
    const { look, world } = prepared();
    const words = async () => (await look('db')).map(({ now, change }) => `${now}: ${change}`);
    const before = await words();
    world.containers = [
      container('db', { state: 'restarting', startedAt: '2026-05-05T05:05:05Z', restartCount: 9 }),
    ];
    expect(await words()).toEqual(before);
  });

  test('refuses jobs and what is not there, all in one answer', async () => {
    const { look, world } = prepared();
    world.containers = world.containers.filter(({ service }) => service !== 'web2');
    await expect(look('job', 'web', 'db')).rejects.toMatchObject({
      code: 'RB_NOT_RESTARTABLE',
      message: '2 services cannot be restarted',
      why: 'job is a job: it runs once and ends\nweb has no container of web2',
      retry: 'never',
    });
    await expect(look('wep')).rejects.toMatchObject({ code: 'RB_UNKNOWN_SERVICE' });
  });
});

test('a run that is reset to before its look does not take what it has restarted for what was there', async () => {
  const { look, lookOnce, world } = prepared();
  const first = await lookOnce('db');
  world.containers = [container('db', { startedAt: '2026-02-02T00:00:00Z' })];
  expect(await lookOnce('db')).toEqual(first);
  // A plan keeps nothing: it sees what is there now.
  expect(await look('db')).not.toEqual(first);
});

describe('a restart', () => {
  test('stops and starts each container once, however often it is asked for', async () => {
    const { look, restart, call, world, attempt } = prepared();
    const [target] = await look('db');
    if (!target) throw new Error('no target');
    const input = { target, members: target.members };
    expect(await call((ctx) => restart.restartVerdict(ctx, { target }))).toMatchObject({
      state: 'absent',
    });
    await call((ctx) => restart.restartMembers(ctx, input));
    await call((ctx) => restart.restartMembers(ctx, input));
    expect(world.effects).toEqual(['stop db-0', 'start db-0']);
    expect(attempt.fenceChecks()).toBe(2);
    expect(await call((ctx) => restart.restartVerdict(ctx, { target }))).toMatchObject({
      state: 'in-place',
    });
  });

  test('goes on where an attempt died: what was stopped is only started', async () => {
    const { look, restart, call, world } = prepared();
    const [target] = await look('web');
    if (!target) throw new Error('no target');
    world.containers = world.containers.map((own) =>
      own.service === 'web1' ? { ...own, startedAt: '2026-02-02T00:00:00Z' } : own,
    );
    world.containers = world.containers.map((own) =>
      own.service === 'web2' ? { ...own, state: 'exited' } : own,
    );
    expect(await call((ctx) => restart.restartVerdict(ctx, { target }))).toMatchObject({
      state: 'absent',
      now: 'not yet restarted: web2',
    });
    await call((ctx) => restart.restartMembers(ctx, { target, members: target.members }));
    expect(world.effects).toEqual(['stop web2-0', 'start web2-0']);
  });

  test('starts again what ended after its restart, and stops nothing for it', async () => {
    const { look, restart, call, world } = prepared();
    const [target] = await look('db');
    if (!target) throw new Error('no target');
    world.containers = [
      container('db', { state: 'exited', exitCode: 1, startedAt: '2026-02-02T00:00:00Z' }),
    ];
    await call((ctx) => restart.restartMembers(ctx, { target, members: ['db'] }));
    expect(world.effects).toEqual(['start db-0']);
  });

  test('does nothing when the fence refuses', async () => {
    const { look, restart, world, attempt } = prepared();
    const [target] = await look('db');
    if (!target) throw new Error('no target');
    const fenced = { ...attempt, checkFence: () => Promise.reject(new Error('fenced')) };
    const work = runAttempt(fenced, () =>
      restart.restartMembers(attempt.ctx, { target, members: ['db'] }),
    );
    await expect(work).rejects.toThrow('fenced');
    expect(world.effects).toEqual([]);
  });
});
