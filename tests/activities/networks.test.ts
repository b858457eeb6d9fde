import { expect, test } from 'vitest';
import { createLeftoverActivities } from '../../src/activities/networks.ts';
import { container } from './docker-double.ts';
import { testRun } from './test-platform-run.ts';

test('only networks that the run made and nothing uses are removed', async () => {
  const { call, deps, world } = testRun({ web: 'v1' });
  world.networks = ['mini_default', 'mini_old', 'mini-used'];
  const { removeNetworks } = createLeftoverActivities(deps);
  const remove = () => call((ctx) => removeNetworks(ctx, { before: ['mini_old'] }));
  expect(await remove()).toEqual({ removed: ['mini_default'], inUse: ['mini-used'] });
  expect(await remove()).toEqual({ removed: [], inUse: ['mini-used'] });
});

test('orphans go, and a name that is configured again stays', async () => {
  const { call, deps, world } = testRun({ web: 'v1' });
  world.containers = [container('web'), container('old')];
  const { orphansVerdict, removeOrphans } = createLeftoverActivities(deps);
  const input = { orphans: ['old', 'web'] };
  expect(await call((ctx) => orphansVerdict(ctx, { orphans: ['old'] }))).toMatchObject({
    state: 'absent',
    now: 'no longer in the compose files: old',
  });
  expect(await call((ctx) => removeOrphans(ctx, input))).toEqual({ removed: ['mini-old-1'] });
  expect(world.containers.map(({ service }) => service)).toEqual(['web']);
  expect(await call((ctx) => orphansVerdict(ctx, { orphans: ['old'] }))).toMatchObject({
    state: 'in-place',
  });
});
