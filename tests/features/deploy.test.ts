import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await World.open({ platform: 'mini' });
});
afterAll(() => world.close());

describe('deploy', () => {
  test('brings a platform that was never deployed up, from the CLI', async () => {
    const { exitCode, stderr } = await world.cli('start', 'deploy', '--yes');
    expect(stderr).toContain('Succeeded');
    expect(exitCode).toBe(0);
    expect(await world.platform.effects()).toEqual({ db: 1, migrate: 1, web: 1 });
  });

  test('changes nothing the second time and says so', async () => {
    const report = await world.report(await world.start('deploy'));
    expect(report).toMatchObject({ outcome: 'succeeded', changed: false });
    expect(report.steps.filter((step) => step.risk !== 'read')).toSatisfy((steps) =>
      steps.every((step: { status: string }) => step.status === 'in-place'),
    );
    expect(await world.platform.effects()).toEqual({ db: 1, migrate: 1, web: 1 });
  });

  test('recreates only what a change touches', async () => {
    await world.platform.edit('compose.yaml', (text) =>
      text.replace('  web:\n', '  web:\n    environment: { EXTRA: "1" }\n'),
    );
    const report = await world.report(await world.start('deploy'));
    expect(report).toMatchObject({ outcome: 'succeeded', changed: true });
    expect(await world.platform.effects()).toEqual({ db: 1, migrate: 1, web: 2 });
  });

  test('goes back to the last good release when a change does not get healthy', async () => {
    await world.platform.edit('platform.yaml', (text) =>
      text.replace(/(kind: http\n\s+healthTimeout:) 30s/, '$1 5s'),
    );
    const good = await world.platform.read('compose.yaml');
    await world.platform.edit('compose.yaml', (text) =>
      text.replace('command: [web]', 'command: [sleep, infinity]'),
    );
    const { exitCode, stderr } = await world.cli('start', 'deploy', '--yes');
    expect(stderr).toContain('RB_NOT_HEALTHY');
    expect(exitCode).toBe(5);
    const web = (await world.platform.containers()).find(({ service }) => service === 'web');
    expect(web?.state).toBe('running');
    await world.platform.edit('compose.yaml', () => good);
    const report = await world.report(await world.start('deploy'));
    expect(report).toMatchObject({ outcome: 'succeeded', changed: false });
  });
});
