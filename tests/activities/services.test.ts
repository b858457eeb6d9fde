import { describe, expect, test } from 'vitest';
import { createReleaseActivities } from '../../src/activities/release.ts';
import { createServicesActivities } from '../../src/activities/services.ts';
import { until } from '../support/until.ts';
import { container } from './docker-double.ts';
import { runAttempt } from './test-attempt.ts';
import { testRun } from './test-platform-run.ts';

function prepared() {
  const run = testRun({ web: 'web-hash' });
  run.world.images.set('web:1', 'web-image');
  return { ...run, services: createServicesActivities(run.deps) };
}
const input = { service: 'web' };

describe('the verdict on a service', () => {
  test('that is not there says what would be made', async () => {
    const { call, services } = prepared();
    expect(await call((ctx) => services.serviceVerdict(ctx, input))).toMatchObject({
      state: 'absent',
      now: 'web: no container',
      change: 'create web',
    });
  });

  test('that is as it should be is "in place"', async () => {
    const { call, services, world } = prepared();
    world.containers = [container('web')];
    expect(await call((ctx) => services.serviceVerdict(ctx, input))).toMatchObject({
      state: 'in-place',
      now: 'running, no health check',
    });
  });

  test('that runs and is not ready says that it would be waited for', async () => {
    const { call, services, world } = prepared();
    world.containers = [container('web', { dockerHealth: 'starting' })];
    expect(await call((ctx) => services.serviceVerdict(ctx, input))).toMatchObject({
      state: 'absent',
      now: 'starting',
      change: 'wait until ready',
    });
  });

  test('that would be replaced says when it could not be put back', async () => {
    const { call, services, world, deps } = prepared();
    world.containers = [container('web')];
    const record = () => call((ctx) => createReleaseActivities(deps).recordRelease(ctx, {}));
    const verdict = async () => {
      world.containers = [container('web', { configHash: 'older' })];
      return call((ctx) => services.serviceVerdict(ctx, input));
    };
    expect(await verdict()).toMatchObject({
      change: 'recreate web: what differs is not known: no release holds it',
      cannotUndo: 'no release holds web as it runs: it cannot be put back',
    });
    world.containers = [container('web')];
    await record();
    expect(await verdict()).not.toHaveProperty('cannotUndo');
  });

  test('whose image a plan would build first is "replaced"', async () => {
    const { call, services, world } = prepared();
    world.containers = [container('web')];
    const planned = { ...input, pendingImages: ['web:1'] };
    expect(await call((ctx) => services.serviceVerdict(ctx, planned))).toMatchObject({
      now: 'web: its image was built by hand: only a build tells whether it is the one wanted',
      change: 'recreate web, unless the build makes the same image',
    });
  });

  test('of an unknown name is refused with the nearest one', async () => {
    const { call, services } = prepared();
    await expect(
      call((ctx) => services.serviceVerdict(ctx, { service: 'wep' })),
    ).rejects.toMatchObject({ code: 'RB_UNKNOWN_SERVICE', fix: 'did you mean "web"?' });
  });
});

describe('starting', () => {
  test('asks the fence right before, and a second time changes nothing', async () => {
    const { call, services, world, attempt } = prepared();
    await call((ctx) => services.startService(ctx, input));
    const [first] = world.containers;
    await call((ctx) => services.startService(ctx, input));
    expect(world.containers).toEqual([first]);
    expect(attempt.fenceChecks()).toBe(1);
  });

  test('a job that has ended well does not let it run once more', async () => {
    const file = { services: { web: { kind: 'one-shot' } } };
    const { world, call, deps } = testRun({ web: 'web-hash' }, file);
    world.images.set('web:1', 'web-image');
    world.containers = [container('web', { state: 'exited', exitCode: 0 })];
    const { startService } = createServicesActivities(deps);
    expect(await call((ctx) => startService(ctx, input))).toEqual({ summary: 'nothing to change' });
    expect(world.effects).toEqual([]);
  });

  test('does nothing when the fence refuses', async () => {
    const { deps, world } = prepared();
    const fenced = testRun({ web: 'web-hash' });
    const attempt = { ...fenced.attempt, checkFence: () => Promise.reject(new Error('fenced')) };
    const start = runAttempt(attempt, () =>
      createServicesActivities(deps).startService(attempt.ctx, input),
    );
    await expect(start).rejects.toThrow('fenced');
    expect(world.effects).toEqual([]);
  });

  test('gives back the name that an interrupted replacement left behind', async () => {
    const { call, services, world } = prepared();
    world.containers = [container('web', { name: '0123456789ab_mini-web-1', state: 'created' })];
    await call((ctx) => services.startService(ctx, input));
    expect(world.containers).toMatchObject([{ name: 'mini-web-1', state: 'running' }]);
  });
});

describe('waiting', () => {
  test('ends with the time when the gate opened', async () => {
    const { call, services, world } = prepared();
    world.containers = [container('web')];
    const ready = await call((ctx) => services.awaitReady(ctx, input));
    expect(Date.parse(ready.readyAt)).toBeGreaterThan(Date.now() - 5000);
  });

  test('says meanwhile what is not ready and what its health check answers, until it goes on', async () => {
    const { call, services, world, attempt } = prepared();
    const lastHealthCheck = { failures: 3, retries: 30, output: 'connection refused' };
    world.containers = [container('web', { dockerHealth: 'starting', lastHealthCheck })];
    const ready = call((ctx) => services.awaitReady(ctx, input));
    await until('it waits', async () => attempt.waits.length > 0);
    world.containers = [container('web', { dockerHealth: 'healthy' })];
    await ready;
    expect(attempt.waits).toEqual([
      'web: starting, health check 3 of 30 failed: connection refused',
      '',
    ]);
  });

  test('too long fails with the last verdict and the last words of the member', async () => {
    const file = { services: { web: { kind: 'container', healthTimeout: '0s' } } };
    const { world, call, deps } = testRun({ web: 'web-hash' }, file);
    const lastHealthCheck = { failures: 30, retries: 30, output: 'refused' };
    world.containers = [container('web', { dockerHealth: 'unhealthy', lastHealthCheck })];
    world.logs.set('web-0', [{ at: '', text: 'cannot bind' }]);
    const { awaitReady } = createServicesActivities(deps);
    await expect(call((ctx) => awaitReady(ctx, input))).rejects.toMatchObject({
      code: 'RB_NOT_HEALTHY',
      retry: 'never',
      why: 'unhealthy, health check 30 of 30 failed: refused\nlast lines of web:\n  cannot bind',
    });
  });

  test('too long for a member that has printed nothing says so', async () => {
    const file = { services: { web: { kind: 'container', healthTimeout: '0s' } } };
    const { world, call, deps } = testRun({ web: 'web-hash' }, file);
    world.containers = [container('web', { dockerHealth: 'unhealthy' })];
    const { awaitReady } = createServicesActivities(deps);
    await expect(call((ctx) => awaitReady(ctx, input))).rejects.toMatchObject({
      why: 'unhealthy\nweb has printed nothing',
      // Which decisions are open the run says: not every one can be undone.
      fix: expect.not.stringMatching(/undo|retry/),
    });
  });

  test('for a job that failed ends at once', async () => {
    const file = { services: { web: { kind: 'one-shot', healthTimeout: '1h' } } };
    const { world, call, deps } = testRun({ web: 'web-hash' }, file);
    world.containers = [container('web', { state: 'exited', exitCode: 3 })];
    const { awaitReady } = createServicesActivities(deps);
    await expect(call((ctx) => awaitReady(ctx, input))).rejects.toMatchObject({
      message: 'web failed',
    });
  });
});
