import { rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  containerOf,
  describeCredential,
  login,
  miniSecret,
  particularWeb,
  sql,
  standing,
  storeOf,
} from '../support/mini-credential.ts';
import { World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await World.open({ platform: 'mini' });
  await describeCredential(world);
  await world.platform.edit('compose.yaml', particularWeb);
  await world.deployed();
});
afterAll(() => world?.close());

const secrets = [miniSecret];
const rotate = async (request: object = { params: { secrets } }) =>
  world.report(await world.start('rotate-secrets', request));

describe('a rotation', () => {
  test('moves service, files and consumers to one new value, and proves that the old one is refused', async () => {
    const before = await storeOf(world).readCurrent(miniSecret);
    const starts = await world.platform.effects();
    const report = await rotate();
    expect(report.outcome, JSON.stringify(report.error)).toBe('succeeded');
    expect(report.changed).toBe(true);
    expect(await standing(world)).toMatchObject({
      labels: { current: 'v2', previous: 'v1' },
      delivered: true,
      values: ['v1', 'v2'],
    });
    expect(report.findings).toContainEqual({
      name: `${miniSecret}@v1`,
      value: 'refused: 28P01',
      ok: true,
    });
    const results = new Map(report.steps.map(({ id, result }) => [id, result]));
    expect(results.get(`switch-${miniSecret}`)).toBe('v2 set and delivered');
    expect(results.get(`retire-${miniSecret}`)).toMatch(
      /^v1 is refused; .*; a login with it: 28P01$/,
    );
    expect(await world.platform.effects()).toEqual({ ...starts, web: (starts.web ?? 0) + 1 });
    expect((await storeOf(world).readCurrent(miniSecret))?.value).not.toBe(before?.value);
  });

  test('makes no error of the log line of the login that it had refused', async () => {
    const { all = '' } = await execa('docker', ['logs', await containerOf(world, 'db')], {
      all: true,
    });
    expect(all).toContain('FATAL:  password authentication failed for user "app"');
    const report = await world.report(await world.start('verify-platform', {}));
    expect(report.outcome, JSON.stringify(report.error)).toBe('succeeded');
  });

  test('shows in a plan what it would do, and mints nothing', async () => {
    const before = await standing(world);
    const report = await rotate({ params: { secrets }, options: { plan: true } });
    expect(report.outcome).toBe('planned');
    const lines = report.approvedPlan?.lines.map(({ step, change }) => `${step}: ${change}`) ?? [];
    expect(lines.join('\n')).toContain('gap until each consumer has it; web restarts');
    expect(lines.join('\n')).toContain('from here on there is no way back');
    expect(await standing(world)).toEqual(before);
  });

  test('names a secret of which nobody says what it opens, and how to say it', async () => {
    await world.platform.edit('platform.yaml', (text) =>
      text.replace(
        '  items:\n',
        '$&    unclear: { description: It is not said, deliver: { web: 0 } }\n',
      ),
    );
    const { steps } = await rotate({ options: { plan: true } });
    expect(steps.find(({ id }) => id === 'look')?.now).toContain('not covered: unclear: ');
    const params = { secrets: ['unclear'] };
    const named = await rotate({ params, options: { onFailure: 'abort' } });
    expect(named.error).toMatchObject({ code: 'RB_NOT_COVERED' });
    expect(named.error?.fix).toContain('`credential`');
    await world.platform.edit('platform.yaml', (text) => text.replace(/^ +unclear: .*\n/m, ''));
  });

  test('without parameters rotates what is due: nothing, a minute after', async () => {
    const before = await standing(world);
    expect(await rotate({})).toMatchObject({ outcome: 'succeeded', changed: false });
    expect(await standing(world)).toEqual(before);
  });

  test('started with {} rotates what is older than it may be', async () => {
    const { labels } = await standing(world);
    const file = join(world.platform.directory, '.secrets/store', miniSecret, labels.current ?? '');
    const longAgo = new Date(Date.now() - 91 * 24 * 3_600_000);
    await utimes(file, longAgo, longAgo);
    expect(await rotate({})).toMatchObject({ outcome: 'succeeded', changed: true });
    expect((await standing(world)).labels).toMatchObject({ previous: labels.current });
  });

  test('stops before it touches anything when somebody has changed the value by hand', async () => {
    const before = await standing(world);
    await sql(world, "ALTER ROLE app PASSWORD 'by-hand'");
    const report = await rotate({ params: { secrets }, options: { onFailure: 'abort' } });
    expect(report).toMatchObject({ outcome: 'failed', error: { code: 'RB_SECRET_FOREIGN' } });
    expect(await standing(world)).toEqual(before);
    // Its start sets what is delivered.
    await execa('docker', ['restart', await containerOf(world, 'db')]);
    await world.deployed();
  });

  test('goes back to the old value everywhere when a consumer never gets well with the new one', async () => {
    const before = await standing(world);
    const old = (await storeOf(world).readCurrent(miniSecret))?.value ?? '';
    const planted = join(world.platform.directory, 'effects', 'planted');
    await writeFile(planted, old);
    const report = await rotate({ params: { secrets }, options: { onFailure: 'undo' } });
    await rm(planted);
    expect(report).toMatchObject({ outcome: 'undone', error: { code: 'RB_TARGETS_FAILED' } });
    expect(await standing(world)).toEqual(before);
    expect(await login(world, 'app', old)).toBe('app');
  });
});
