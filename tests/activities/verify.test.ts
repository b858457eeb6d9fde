import { describe, expect, test } from 'vitest';
import { createVerifyActivities } from '../../src/activities/verify.ts';
import { container } from './docker-double.ts';
import { testRun } from './test-platform-run.ts';

const line = (text: string) => ({ at: '2026-01-01T00:00:00Z', text });
const allow = (pattern: string, expires = '2999-01-01') => ({
  ...{ service: 'web', pattern, expires },
  reason: 'known',
});

function prepared(file: object = {}) {
  const run = testRun({ web: 'web-hash' }, file);
  run.world.containers = [container('web')];
  return { ...run, verify: createVerifyActivities(run.deps) };
}
const since = '2026-01-01T00:00:00Z';

describe('logs', () => {
  test('with a line that looks like an error are refused with the line', async () => {
    const { call, verify, world } = prepared();
    world.logs.set('web-0', [line('all well'), line('ERROR: disk full')]);
    await expect(call((ctx) => verify.verifyLogs(ctx, { since }))).rejects.toMatchObject({
      code: 'RB_ERRORS_IN_LOGS',
      retry: 'never',
      why: 'web: ERROR: disk full',
    });
  });

  test('show ten lines and count the rest', async () => {
    const { call, verify, world } = prepared();
    world.logs.set(
      'web-0',
      Array.from({ length: 11 }, (_, n) => line(`ERROR ${n}`)),
    );
    await expect(call((ctx) => verify.verifyLogs(ctx, { since }))).rejects.toMatchObject({
      why: expect.stringMatching(/ERROR 9\nand 1 more$/),
    });
  });

  test('pass when an allow line covers what looks like an error', async () => {
    const { call, verify, world } = prepared({ logs: { allow: [allow('starting up')] } });
    world.logs.set('web-0', [line('FATAL: the database system is starting up')]);
    expect(await call((ctx) => verify.verifyLogs(ctx, { since }))).toMatchObject({
      allowed: 1,
      linesRead: 1,
      expired: [],
    });
  });

  test('are not covered by an allow line whose date has passed, which is named', async () => {
    const { call, verify, world } = prepared({ logs: { allow: [allow('disk', '2020-01-01')] } });
    expect(await call((ctx) => verify.verifyLogs(ctx, { since }))).toMatchObject({
      expired: ['web: /disk/ expired on 2020-01-01'],
    });
    world.logs.set('web-0', [line('ERROR: disk full')]);
    await expect(call((ctx) => verify.verifyLogs(ctx, { since }))).rejects.toMatchObject({
      why: expect.stringContaining('no longer allowed: web: /disk/'),
    });
  });
});

describe('restarts', () => {
  test.for([
    [{ 'web-0': 2 }, true],
    [{ 'web-0': 1 }, false],
    [{}, false],
  ] as const)('two, with %j before: fine %s', async ([sinceCounts, fine]) => {
    const { call, verify, world } = prepared();
    world.containers = [container('web', { restartCount: 2 })];
    const verdict = call((ctx) => verify.verifyRestarts(ctx, { sinceCounts }));
    if (fine) await expect(verdict).resolves.toMatchObject({ containers: 1 });
    else await expect(verdict).rejects.toMatchObject({ code: 'RB_RESTARTED' });
  });
});

describe('settling', () => {
  const target = (changes: object = {}) => ({
    targets: [
      { service: 'web', gateOpenedAt: new Date().toISOString(), minHealthyMs: 100, ...changes },
    ],
  });

  test('waits for what is left of the minimum time, and no longer', async () => {
    const { call, verify } = prepared();
    const fresh = target();
    await call((ctx) => verify.settle(ctx, fresh));
    const gateOpenedMs = Date.parse(fresh.targets[0]?.gateOpenedAt ?? '');
    expect(Date.now()).toBeGreaterThanOrEqual(gateOpenedMs + 100);
    const over = target({ gateOpenedAt: since, minHealthyMs: 3_600_000 });
    await call((ctx) => verify.settle(ctx, over));
  });

  test('says what it watches', async () => {
    const { call, verify, attempt } = prepared();
    await call((ctx) => verify.settle(ctx, target()));
    expect(attempt.waits).toEqual(['web to stay ready', '']);
  });

  test('fails when the service is not ready any more', async () => {
    const { call, verify, world } = prepared();
    world.containers = [container('web', { dockerHealth: 'unhealthy' })];
    await expect(call((ctx) => verify.settle(ctx, target()))).rejects.toMatchObject({
      code: 'RB_FLAPPED',
      why: 'unhealthy',
    });
  });

  test('fails when a container started after the gate opened, though it is ready again', async () => {
    const { call, verify, world } = prepared();
    const startedAt = new Date(Date.now() + 3000).toISOString();
    world.containers = [container('web', { startedAt })];
    await expect(call((ctx) => verify.settle(ctx, target()))).rejects.toMatchObject({
      code: 'RB_FLAPPED',
    });
  });
});

describe('health', () => {
  test('lists every service, or names those that are not well', async () => {
    const { call, verify, world } = prepared();
    expect(await call((ctx) => verify.verifyHealth(ctx, {}))).toMatchObject({
      summary: '1 of 1 services healthy',
    });
    world.containers = [];
    await expect(call((ctx) => verify.verifyHealth(ctx, {}))).rejects.toMatchObject({
      code: 'RB_UNHEALTHY',
      why: 'web: no container',
    });
  });

  test('that is waited for says who is not well yet, and in the end for how long', async () => {
    const { call, verify, world, attempt } = prepared();
    world.containers = [];
    await expect(call((ctx) => verify.verifyHealth(ctx, { waitMs: 100 }))).rejects.toMatchObject({
      message: '1 of 1 services not healthy after 0.1 s: web',
      retry: 'never',
    });
    expect(attempt.waits).toEqual(['web: no container', '']);
  });
});
