import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { deliverSecrets } from '../../src/activities/secrets/deliver-current.ts';
import { openPlatformStore } from '../../src/activities/secrets/store.ts';
import { createSecretsReportActivities } from '../../src/activities/secrets-report.ts';
import type { AccountType, CredentialTarget } from '../../src/activities/services/credentials.ts';
import { kinds } from '../../src/activities/services/registry.ts';
import { PlatformFileSchema } from '../../src/shared/platform-file.ts';
import { dockerDouble } from './docker-double.ts';
import { ownUid } from './secrets/platform.ts';

const credential = { service: 'db', type: 'test-role', account: { role: 'app' }, maxAge: '30d' };
const deliver = { web: { uid: ownUid, takes: 'reread' } };
const file = {
  schema: 'runbook.platform/v1',
  name: 'mini',
  compose: { project: 'mini' },
  environment: { variables: { TOKEN: { description: 'A token', secret: {} } } },
  secrets: {
    items: {
      app: { description: 'The role app', deliver, credential },
      plain: { description: 'Opens nothing known', deliver },
      queue: {
        description: 'A user of a kind that is not covered',
        deliver: {},
        credential: { service: 'queue', type: 'user' },
      },
    },
  },
  services: {
    db: { kind: 'http', settings: { port: 80 } },
    web: { kind: 'container' },
    queue: { kind: 'container' },
  },
};

type Prove = AccountType['prove'];

const accepted: Prove = async (_, { login }) => ({ accepted: true, words: `${login} reads` });

/** A worker's host with a platform that was deployed, on a service that answers as `prove` says. */
async function host(prove: Prove = accepted, parts: object = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'rbtest-secrets-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, 'platform.yaml');
  await writeFile(path, JSON.stringify({ ...file, ...parts }));
  const platform = { ...PlatformFileSchema.parse({ ...file, ...parts }), directory };
  const store = openPlatformStore(platform);
  for (const name of ['app', 'plain', 'queue', 'env.TOKEN']) await store.mint(name, 32);
  await deliverSecrets(platform, async () => {});
  const unused = () => Promise.reject(new Error('not asked for'));
  const testRole: AccountType = {
    ...{ title: 'role', account: z.strictObject({ role: z.string() }), strategies: ['single'] },
    ...{ nextLogin: () => 'app', holds: unused, set: unused, prove, retire: unused },
  };
  const world = dockerDouble('mini');
  const now = { at: new Date() };
  const activities = createSecretsReportActivities({
    platformFiles: [path],
    definitionsDirectory: join(import.meta.dirname, '../../runbooks'),
    defaultPlatform: undefined,
    engine: world.engine,
    now: () => now.at,
    kinds: kinds.map((kind) =>
      kind.kind === 'http' ? { ...kind, credentials: { types: { 'test-role': testRole } } } : kind,
    ),
  });
  const copy = join(directory, '.secrets/delivered/web/app');
  const verify = (name = 'app') => activities.verifySecret({ name, run: 'secrets/verify/1' });
  return { activities, store, platform, copy, now, verify, world };
}

const days = (count: number) => new Date(Date.now() + count * 24 * 3_600_000);

test('tells of each secret what it opens, how old it is and who has it, without a value', async () => {
  const { activities, store } = await host();
  const report = await activities.secretsReport({ names: [] });
  expect(report).toMatchObject({
    platform: 'mini',
    strays: [],
    secrets: [
      {
        ...{ name: 'app', coverage: 'covered', service: 'db', kind: 'http' },
        ...{ type: 'test-role', strategy: 'single', current: 'v1', overdue: false },
        versions: [{ version: 'v1', label: 'current' }],
        consumers: [{ name: 'web', uid: ownUid, takes: 'reread', has: 'v1' }],
      },
      { name: 'plain', coverage: 'not-covered', why: expect.stringContaining('does not say') },
      { name: 'queue', coverage: 'not-covered', why: expect.stringContaining('kind container') },
      { name: 'TOKEN', coverage: 'in-environment', current: 'v1', consumers: [] },
    ],
  });
  const text = JSON.stringify(report);
  for (const value of await store.allValues()) expect(text).not.toContain(value);
});

test('a secret is overdue once it is as old as it may be', async () => {
  const { activities, now } = await host();
  const overdue = async () =>
    (await activities.secretsReport({ names: ['app'] })).secrets[0]?.overdue;
  now.at = days(29.9);
  expect(await overdue()).toBe(false);
  now.at = days(30.1);
  expect(await overdue()).toBe(true);
});

test('an unknown secret names the nearest one, and an unknown platform those that there are', async () => {
  const { activities } = await host();
  await expect(activities.secretsReport({ names: ['ap'] })).rejects.toMatchObject({
    code: 'RB_SECRET_UNKNOWN',
    message: 'mini has no secret "ap" (did you mean "app"?)',
  });
  await expect(activities.secretHistory({ name: 'constructor' })).rejects.toMatchObject({
    code: 'RB_SECRET_UNKNOWN',
  });
  await expect(activities.secretsReport({ platform: 'min', names: [] })).rejects.toMatchObject({
    code: 'RB_PLATFORM_UNKNOWN',
    why: 'expected "mini" (did you mean "mini"?)',
  });
});

test('a value that the service accepts counts as proved', async () => {
  const { activities, verify } = await host();
  expect(await verify()).toEqual({
    ...{ name: 'app', coverage: 'covered', ok: true },
    checks: [
      { what: 'the service db', ok: true, words: 'accepts v1: app reads' },
      { what: 'the copy of web', ok: true, words: 'holds v1' },
    ],
  });
  const { events } = await activities.secretHistory({ name: 'app' });
  expect(events).toMatchObject([
    { version: 'v1', event: 'proved', run: 'secrets/verify/1', facts: { by: 'secrets verify' } },
  ]);
  const [app] = (await activities.secretsReport({ names: ['app'] })).secrets;
  expect(app?.lastProof).toEqual(events[0]);
});

test('a refusal is told with the word of the service, and proves nothing', async () => {
  const { activities, verify } = await host(async (_, { value }) => ({
    ...{ accepted: false, refusal: '28P01', words: `no entry with ${value}` },
  }));
  expect(await verify()).toMatchObject({
    ok: false,
    checks: [
      {
        what: 'the service db',
        ok: false,
        words: 'refuses v1 with 28P01: no entry with [redacted]',
      },
      { what: 'the copy of web', ok: true },
    ],
  });
  expect((await activities.secretHistory({ name: 'app' })).events).toEqual([]);
});

test('a service that does not answer is a fault, and its words lose every value', async () => {
  const { verify } = await host((_, { value }) => Promise.reject(new Error(`lost ${value}`)));
  expect(await verify()).toMatchObject({
    ok: false,
    checks: [{ words: 'gives no answer: lost [redacted]' }, { ok: true }],
  });
});

test('a proof goes the way of the consumers, and says so where that is down', async () => {
  const routed = { ...credential, route: 'web:8080' };
  const item = { description: 'd', deliver, credential: routed };
  const parts = { secrets: { items: { app: item, plain: item, queue: item } } };
  let seen: CredentialTarget['route'];
  const { verify, world } = await host(async ({ route }) => {
    seen = route;
    return { accepted: true, words: 'in' };
  }, parts);
  expect((await verify()).checks[0]).toMatchObject({
    ok: false,
    words: 'gives no answer: web, through which consumers go, does not run',
  });
  const facts = { service: 'web', state: 'running', addresses: ['172.20.0.7'] };
  world.containers = [facts as unknown as (typeof world.containers)[number]];
  expect((await verify()).ok).toBe(true);
  expect(seen).toEqual({ host: '172.20.0.7', port: 8080 });
});

test.each([
  ['is missing', (copy: string) => rm(copy)],
  ['is readable by others', (copy: string) => chmod(copy, 0o404)],
  [
    'holds a value that the store does not know',
    (copy: string) => rm(copy).then(() => writeFile(copy, 'by hand', { mode: 0o400 })),
  ],
])('a copy that %s is a fault', async (words, spoil) => {
  const { verify, copy } = await host();
  await spoil(copy);
  expect(await verify()).toMatchObject({
    ok: false,
    checks: [{ ok: true }, { what: 'the copy of web', ok: false, words }],
  });
});

test('a version that is pending is told, and a copy that has it before its time is a fault', async () => {
  const { store, verify, copy } = await host();
  await store.mintPending('app', { length: 32 });
  expect((await verify()).checks.at(-1)).toEqual({
    ...{ what: 'a rotation', ok: true },
    words: 'to v2 is under way, or was ended in the middle',
  });
  await rm(copy);
  await writeFile(copy, (await store.read('app', 'v2'))?.value ?? '', { mode: 0o400 });
  expect(await verify()).toMatchObject({
    ok: false,
    checks: [{ ok: true }, { ok: false, words: 'holds v2' }, { ok: true }],
  });
});

test('a value that is gone is a fault, not a crash', async () => {
  const { verify, platform } = await host();
  await rm(join(platform.directory, '.secrets/store/app/v1'));
  expect(await verify()).toMatchObject({ ok: false, checks: [{ what: 'the store', ok: false }] });
  await rm(join(platform.directory, '.secrets/store/app'), { recursive: true });
  expect((await verify()).checks[0]?.words).toBe('has no value; run a deploy first');
});

test('of a secret that nobody can prove the copies are looked at all the same', async () => {
  const { verify } = await host();
  expect(await verify('plain')).toMatchObject({
    ...{ coverage: 'not-covered', ok: true },
    checks: [{ what: 'the copy of web', words: 'holds v1' }],
  });
  expect(await verify('TOKEN')).toMatchObject({ coverage: 'in-environment', ok: true, checks: [] });
});

test('the history of a variable is that of its value in the store', async () => {
  const { activities, store } = await host();
  const event = { at: '2026-11-24T12:00:00Z', version: 'v1', event: 'minted', run: 'r' } as const;
  await store.note('env.TOKEN', event);
  const history = await activities.secretHistory({ name: 'TOKEN' });
  expect(history).toMatchObject({ name: 'TOKEN', events: [event], truncated: false });
});
