import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parsePlatformFile } from '../../../src/shared/read-platform.ts';
import { Proof } from '../../support/proof.ts';
import { leaks } from '../../support/secret-leaks.ts';
import { SecretSweep } from '../../support/secret-sweep.ts';
import { logStatements, runAsSuperuser } from '../../support/statement-log.ts';
import { World } from '../../support/world.ts';

/** Every kind of credential, on the servers that a platform has. That each place is seen is shown on mini. */

const databases = ['pg1', 'pg2', 'pg3'];

/** Keycloak keeps secrets of clients as they are, and writes them itself: docs/rotate-secrets.md. */
const withoutParameters = 'ALTER ROLE keycloak SET log_parameter_max_length = 0;';

let world: World;
let temporary: string;
beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'rbtest-temporary-'));
  world = await World.open({
    ...{ platform: 'lab', serverLogLevel: 'debug' },
    workerEnv: { TMPDIR: temporary },
  });
  await world.deployed();
  for (const { id, service } of await world.platform.containers()) {
    if (!databases.includes(service)) continue;
    await logStatements(id);
    // A replica refuses it, and gets it from the primary. Keycloak takes it with its restart for its own password.
    await runAsSuperuser(id, withoutParameters).catch(() => {});
  }
});
afterAll(async () => {
  await world?.close();
  await rm(temporary, { recursive: true, force: true });
});

test('a rotation of everything shows no value of any kind anywhere', async () => {
  const proof = new Proof('canaries', 'rotate-secrets of everything on the lab');
  const sweep = SecretSweep.start(world, { temporary, databases });
  const run = await world.start('rotate-secrets', { params: { all: true } });
  const report = await world.report(run);
  expect(report.outcome, JSON.stringify(report.error)).toBe('succeeded');
  const { values, swept } = await sweep.end();

  const text = await world.platform.read('platform.yaml');
  const secrets = Object.keys(parsePlatformFile(text, 'platform.yaml').secrets.items);
  const versions = secrets.flatMap((name) => [`${name}@v1`, `${name}@v2`]);
  expect([...values.keys()]).toEqual(expect.arrayContaining(versions));
  expect([...swept].flatMap(([, places]) => leaks(values, places))).toEqual([]);
  for (const [, log] of swept.get('logs of databases') ?? []) {
    expect(log).toContain('statement: ');
    expect(log).not.toContain('SCRAM-SHA-256$');
  }
  const sizes = [...swept].map(([kind, places]) => [kind, places.length] as const);
  await proof.shown(values.size, Object.fromEntries(sizes));
}, 900_000);
