import { rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CrashPoint } from '../support/crash-point.ts';
import {
  containerOf,
  describeCredential,
  login,
  miniSecret,
  particularWeb,
  storeOf,
} from '../support/mini-credential.ts';
import { decide, parkedErrors, parkedOrOver } from '../support/parked.ts';
import type { World } from '../support/world.ts';

const other = `  other:
    <<: *mini
    init: true
    entrypoint: [sleep, infinity]
    volumes:
      - ./.secrets/delivered/other:/run/secrets:ro

`;

let crash: CrashPoint;
let world: World;
beforeAll(async () => {
  crash = await CrashPoint.open();
  world = crash.world;
  await describeCredential(world);
  await world.platform.edit('compose.yaml', (text) =>
    particularWeb(text).replace('\nvolumes:\n  data:', `\n${other}volumes:\n  data:`),
  );
  await world.platform.edit('platform.yaml', (text) =>
    text
      .replace(
        /(web: \{ uid: 5432, takes: restart \})/,
        '$1\n        other: { uid: 0, takes: restart }',
      )
      .replace(/(kind: http\n\s+healthTimeout:) 30s/, '$1 3s')
      .concat('  other: { kind: container, minHealthyTime: 0s }\n'),
  );
  await world.deployed();
});
afterAll(() => crash?.close());

const startedAt = async (service: string) => {
  const args = ['inspect', '--format', '{{.State.StartedAt}}', await containerOf(world, service)];
  return (await execa('docker', args)).stdout;
};

test('the way back tells every consumer, also those behind one that does not get well', async () => {
  const inPlatform = (...parts: string[]) => join(world.platform.directory, ...parts);
  const planted = inPlatform('effects', 'planted');
  const old = (await storeOf(world).readCurrent(miniSecret))?.value ?? '';
  const run = await crash.standStillAt(
    `before proveConsumers consumers-${miniSecret} verify`,
    'rotate-secrets',
    { params: { secrets: [miniSecret] } },
    async () => {
      // web took the new value, and would not start with the old one any more.
      await writeFile(
        planted,
        await world.platform.read(join('.secrets', 'delivered', 'web', miniSecret)),
      );
      await truncate(inPlatform('.secrets', 'delivered', 'other', miniSecret), 16);
    },
  );
  expect(parkedErrors(await parkedOrOver(world, run))).toMatchObject([
    { code: 'RB_CONSUMER_BEHIND', why: expect.stringContaining('the file of other') },
  ]);
  const before = await startedAt('other');
  await decide(world, run, 'undo');
  const report = await world.report(run);
  expect(report.outcome).toBe('failed');
  expect(report.steps).toContainEqual(
    expect.objectContaining({ id: `switch-${miniSecret}`, status: 'undo-failed' }),
  );
  expect(Date.parse(await startedAt('other'))).toBeGreaterThan(Date.parse(before));
  for (const consumer of ['web', 'other']) {
    expect(await world.platform.read(join('.secrets', 'delivered', consumer, miniSecret))).toBe(
      old,
    );
  }
  expect(await login(world, 'app', old)).toBe('app');
  await rm(planted);
});
