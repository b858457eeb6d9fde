import { describe, expect, test } from 'vitest';
import { createCompareActivities } from '../../src/activities/compare.ts';
import { createReleaseActivities } from '../../src/activities/release.ts';
import { createServicesActivities } from '../../src/activities/services.ts';
import { container } from './docker-double.ts';
import { type TestRun, testRun } from './test-platform-run.ts';

async function membersBefore(run: TestRun) {
  const { compareWithRunning } = createCompareActivities(run.deps);
  const { services } = await run.call((ctx) => compareWithRunning(ctx, {}));
  return { service: 'web', members: services[0]?.members ?? [] };
}
const start = (run: TestRun) =>
  run.call((ctx) => createServicesActivities(run.deps).startService(ctx, { service: 'web' }));
const record = (run: TestRun) =>
  run.call((ctx) => createReleaseActivities(run.deps).recordRelease(ctx, {}));
const restore = (run: TestRun, input: Awaited<ReturnType<typeof membersBefore>>) =>
  run.call((ctx) => createServicesActivities(run.deps).restoreService(ctx, input));

function firstRun() {
  const run = testRun({ web: 'v1' });
  run.world.images.set('web:1', 'image-1');
  return run;
}

describe('undoing the start of a service', () => {
  test('that was not there removes its container; again, and before it took effect, does nothing', async () => {
    const run = firstRun();
    const before = await membersBefore(run);
    expect(await restore(run, before)).toMatchObject({ changed: false });
    await start(run);
    expect(await restore(run, before)).toEqual({ summary: 'removed web', changed: true });
    expect(await restore(run, before)).toMatchObject({ changed: false });
    expect(run.world.containers).toEqual([]);
  });

  test('also removes a container that Docker makes only after the first look', async () => {
    const run = firstRun();
    const before = await membersBefore(run);
    setTimeout(() => run.world.containers.push(container('web', { state: 'created' })), 100);
    expect(await restore(run, before)).toEqual({ summary: 'removed web', changed: true });
    expect(run.world.containers).toEqual([]);
  });

  test('brings back configuration and image of the release', async () => {
    const first = firstRun();
    await start(first);
    await record(first);
    const second = first.another('run-2');
    second.pin({ web: 'v2' });
    const before = await membersBefore(second);
    second.world.images.set('web:1', 'image-2');
    await start(second);
    expect(second.world.containers).toMatchObject([{ configHash: 'v2', imageId: 'image-2' }]);
    expect(await restore(second, before)).toEqual({
      summary: 'web runs as in release 1',
      changed: true,
    });
    expect(second.world.containers).toMatchObject([{ configHash: 'v1', imageId: 'image-1' }]);
    expect(await restore(second, before)).toMatchObject({ changed: false });
  });

  test('removes a service that the release does not have', async () => {
    const first = testRun({ db: 'v1' });
    first.world.images.set('web:1', 'image-1');
    await record(first);
    const second = first.another('run-2');
    second.pin({ web: 'v1' });
    const before = await membersBefore(second);
    await start(second);
    expect(await restore(second, before)).toMatchObject({ summary: 'removed web' });
  });

  test('that was only stopped stops it again', async () => {
    const run = firstRun();
    run.world.containers = [
      container('web', { configHash: 'v1', imageId: 'image-1', state: 'exited', exitCode: 1 }),
    ];
    const before = await membersBefore(run);
    await start(run);
    expect(await restore(run, before)).toMatchObject({ summary: 'stopped web' });
    expect(run.world.containers).toMatchObject([{ id: 'web-0', state: 'exited' }]);
  });

  test('that replaced something no release holds says so, and leaves it running', async () => {
    const run = firstRun();
    run.world.containers = [container('web', { configHash: 'by hand' })];
    const before = await membersBefore(run);
    await start(run);
    await expect(restore(run, before)).rejects.toMatchObject({
      code: 'RB_NOT_RESTORABLE',
      retry: 'never',
    });
    expect(run.world.containers).toMatchObject([{ configHash: 'v1', state: 'running' }]);
  });
});
