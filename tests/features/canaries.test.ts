import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSecretStore } from '../../src/activities/secrets/store.ts';
import { imageTold, inspected } from '../support/docker-shown.ts';
import { ProcessWatch } from '../support/process-watch.ts';
import { Proof } from '../support/proof.ts';
import { historyText, leaks, textsBelow } from '../support/secret-leaks.ts';
import { toldOfRun } from '../support/told-of-run.ts';
import { World } from '../support/world.ts';

/** The secrets are known before the first run: their first use is watched as well as their last. */
const password = `cnry${randomBytes(14).toString('hex')}`;
/** What other texts write differently: quotes, a backslash, what an URL reserves. */
const token = `cnry"${randomBytes(10).toString('hex')}\\&/ü=%+'`;
const canaries = new Map([
  ['db-password', password],
  ['WEB_TOKEN', token],
]);

let world: World;
let temporary: string;
beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'rbtest-temporary-'));
  world = await World.open({ platform: 'mini', workerEnv: { TMPDIR: temporary } });
  const { directory } = world.platform;
  await openSecretStore(join(directory, '.secrets', 'store')).adopt('db-password', password);
  const quoted = token.replaceAll(/["\\]/g, '\\$&');
  await writeFile(join(directory, '.env'), `WEB_TOKEN="${quoted}"\n`);
});
afterAll(async () => {
  await world?.close();
  await rm(temporary, { recursive: true, force: true });
});

async function container(service: string): Promise<string> {
  const found = (await world.platform.containers()).find((one) => one.service === service);
  return found?.id ?? '';
}

/** A container that tells its secret in an error; what runs print of it must not tell it. */
async function leakyDeploy(): Promise<string> {
  await world.platform.edit('compose.yaml', (text) =>
    text.replace(
      'command: [web]',
      () =>
        'entrypoint: [sh, -c, "echo \\"ERROR token=$$WEB_TOKEN\\"; exec sleep infinity"]\n    stop_signal: SIGKILL',
    ),
  );
  await world.platform.edit('platform.yaml', (text) =>
    text.replace(/(kind: http\n\s+healthTimeout:) 30s/, '$1 4s'),
  );
  const run = await world.start('deploy', { options: { onFailure: 'undo' } });
  const report = await world.report(run);
  expect(report.error?.code).toBe('RB_NOT_HEALTHY');
  return report.error?.why ?? '';
}

/** Where ARCHITECTURE.md says that values are: the store, delivered files, environment files, pinned configurations. */
const documented =
  /\/(\.secrets\/(store|delivered)\/.*|\.env(\.previous)?|compose\.json|runs\/[^/]*\/env)$/;

test('a secret is where it has to be, and nowhere else', async () => {
  const proof = new Proof('canaries', 'deploy and verify-platform on mini');
  const watch = ProcessWatch.start();
  const control = `control-${randomBytes(8).toString('hex')}`;
  await execa('sh', ['-c', 'sleep 1', control], { env: { CONTROL: control } });

  const deployed = await world.start('deploy', { options: { plan: true } });
  await world.report(deployed);
  await world.deployed();
  const db = await container('db');
  // On standard input: neither a command line nor the title of a server process shows it.
  const input = `DO $do$ BEGIN RAISE EXCEPTION 'token=${password}'; END $do$;`;
  const psql = ['exec', '--interactive', '--user', 'postgres', db, 'psql'];
  await execa('docker', psql, { input, reject: false });
  const verified = await world.start('verify-platform');
  const verdict = await world.report(verified);
  expect(verdict.error?.code).toBe('RB_ERRORS_IN_LOGS');
  const beforeTheLeak = await inspected(world.platform);
  const notHealthy = await leakyDeploy();

  const places = new Map<string, string>();
  const add = (found: Iterable<readonly [string, string]>) => {
    for (const [place, text] of found) places.set(place, text);
  };
  const runs: string[] = [];
  for await (const { workflowId, runId, type } of world.client.workflow.list()) {
    const handle = world.client.workflow.getHandle(workflowId, runId);
    add([[`history of ${workflowId}`, await historyText(handle)]]);
    if (!type.startsWith('runbook-')) runs.push(workflowId);
  }
  for (const run of runs) {
    add((await toldOfRun(world, run)).map(([place, text]) => [`${place} ${run}`, text]));
  }
  const seen = await watch.stop();
  add([...seen.commands].map((text, n) => [`command ${n} ${text.split('\0')[0]}`, text]));
  add([...seen.environments].map((text, n) => [`environment ${n}`, text]));
  add(beforeTheLeak.places);
  add((await inspected(world.platform)).places);
  add(await imageTold(`runbook-mini:${world.platform.name}`));
  add([
    ['log of the worker', world.worker.output],
    ['log of the server', world.server.output],
  ]);
  const files = new Map<string, string>();
  for (const directory of [
    ...[world.stateDirectory, world.platform.directory, world.server.folder, temporary],
  ]) {
    for (const [path, text] of await textsBelow(directory)) files.set(path, text);
  }
  add([...files].filter(([path]) => !documented.test(path)));

  expect(leaks(canaries, places)).toEqual([]);

  // Each way of looking does find what is there.
  expect(places.size).toBeGreaterThan(100);
  expect([...seen.commands].some((text) => text.includes(control))).toBe(true);
  expect([...seen.environments].some((text) => text.includes(control))).toBe(true);
  for (const error of [verdict.error?.why ?? '', notHealthy]) {
    expect(error).toContain('token=[redacted]');
  }
  const kept = [...files].filter(([path]) => documented.test(path));
  expect(new Set(leaks(canaries, kept).map((line) => line.split(' in ')[0]))).toEqual(
    new Set(canaries.keys()),
  );
  // The platform's own compose file puts this one into the container's environment.
  expect(
    beforeTheLeak.variables.filter((text) => leaks(canaries, [['', text]]).length > 0),
  ).toEqual([`web WEB_TOKEN=${token}`]);
  await proof.shown(places.size, {
    processLooks: seen.looks,
    commands: seen.commands.size,
    environments: seen.environments.size,
    histories: runs.length,
    files: files.size,
  });
});
