import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createLifecycleActivities } from '../../src/activities/lifecycle.ts';
import { createReleaseActivities } from '../../src/activities/release.ts';
import { openPlatformStore } from '../../src/activities/secrets/store.ts';
import { createServicesActivities } from '../../src/activities/services.ts';
import { container } from './docker-double.ts';
import { testPlatform } from './test-attempt.ts';
import { testRun } from './test-platform-run.ts';

const file = { services: { db: { kind: 'container', members: ['db1', 'db2'] } } };
const hashes = (version: string) => ({ db1: `db1-${version}`, db2: `db2-${version}` });

/** Two members that run as the first release has them. */
async function released(settings: object = {}) {
  const run = testRun(hashes('a'), file);
  for (const member of ['db1', 'db2']) run.world.images.set(`${member}:1`, `${member}-image`);
  run.pin(hashes('a'), { db1: settings, db2: settings });
  await run.call((ctx) => createReleaseActivities(run.deps).recordRelease(ctx, {}));
  run.world.containers = ['db1', 'db2'].map((member) =>
    container(member, { configHash: `${member}-a` }),
  );
  const services = createServicesActivities(run.deps);
  const verdict = () => run.call((ctx) => services.serviceVerdict(ctx, { service: 'db' }));
  return { ...run, verdict };
}

test('a plan names what members have otherwise than the files say, those alike together', async () => {
  const { pin, verdict } = await released({ environment: { LEVEL: 'info' } });
  const changed = { environment: { LEVEL: 'debug', FORMAT: 'json' } };
  pin(hashes('b'), { db1: changed, db2: changed });
  expect(await verdict()).toMatchObject({
    change: 'recreate db1, db2: environment (added FORMAT; changed LEVEL)',
  });
  pin(hashes('b'), { db1: changed, db2: { ...changed, command: ['x'] } });
  expect(await verdict()).toMatchObject({
    change:
      'recreate db1: environment (added FORMAT; changed LEVEL); ' +
      'recreate db2: environment (added FORMAT; changed LEVEL), command',
  });
});

test('the step of one member names it as well', async () => {
  const { pin, call, deps } = await released();
  pin(hashes('b'), { db1: { image: 'db1:2' } });
  const { memberVerdict } = createLifecycleActivities(deps);
  expect(await call((ctx) => memberVerdict(ctx, { service: 'db', member: 'db1' }))).toMatchObject({
    change: 'recreate db1, when the others are well: image db1:1 → db1:2',
  });
});

test('the release that made the container is found among older ones', async () => {
  const { pin, call, deps, verdict } = await released({ command: ['one'] });
  pin(hashes('b'), { db1: { command: ['two'], user: '1' }, db2: {} });
  await call((ctx) => createReleaseActivities(deps).recordRelease(ctx, {}));
  pin(hashes('c'), { db1: { command: ['one'], user: '2' }, db2: { command: ['one'] } });
  expect(await verdict()).toMatchObject({
    change: 'recreate db1: user; recreate db2: no setting: Compose itself reckons otherwise',
  });
});

test('of a container that no release holds only the image is told', async () => {
  const { pin, world, verdict } = await released();
  pin(hashes('b'), { db1: { image: 'db1:2' }, db2: {} });
  world.containers = ['db1', 'db2'].map((member) => container(member, { configHash: 'by-hand' }));
  expect(await verdict()).toMatchObject({
    change:
      'recreate db1: image db1:1 → db1:2, what else is not known: no release holds it; ' +
      'recreate db2: what differs is not known: no release holds it',
  });
});

test('a name that is a secret is blanked out: a list takes a value for a name', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'rbtest-differences-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const { pin, attempt, call, deps } = await released();
  const platform = testPlatform(file, directory);
  const store = openPlatformStore(platform);
  // Longer than a name is shown.
  const { version } = await store.mint('db-password', 100);
  const value = (await store.read('db-password', version))?.value ?? '';
  Object.assign(attempt, { platform: async () => platform });
  pin(hashes('b'), { db1: { environment: { [value]: null } }, db2: { labels: { [value]: '' } } });
  const services = createServicesActivities(deps);
  const verdict = await call((ctx) => services.serviceVerdict(ctx, { service: 'db' }));
  expect(JSON.stringify(verdict)).not.toContain(value.slice(0, 8));
  expect(verdict).toMatchObject({
    change: expect.stringContaining('environment (added [redacted])'),
  });
});
