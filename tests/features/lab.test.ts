import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uidOf } from '../../src/shared/credential-schema.ts';
import { parsePlatformFile } from '../../src/shared/read-platform.ts';
import type { RunReport } from '../../src/shared/report.ts';
import { askCanary, canaryTargets } from '../support/canary.ts';
import { ContainerStarts, countByService } from '../support/container-starts.ts';
import { LeaderWatch } from '../support/leader-watch.ts';
import {
  containerTexts,
  historyText,
  leaks,
  secretValues,
  textsBelow,
} from '../support/secret-leaks.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

/** The reference platform with real servers, as an operator works with it. Each test goes on from the last. */

const pgMembers = ['pg1', 'pg2', 'pg3'];
const servers = ['etcd1', 'etcd2', 'etcd3', ...pgMembers, 'haproxy', 'minio', 'keycloak', 'nessie'];
const everyService = [...servers, 'canary', 'database-init', 'minio-init'];

let world: World;
let starts: ContainerStarts;
beforeAll(async () => {
  world = await World.open({ platform: 'lab' });
  starts = ContainerStarts.listen(world.platform.project);
});
afterAll(async () => {
  await starts?.stop();
  await world?.close();
});

const canary = () => askCanary(world.platform);

const container = (service: string) => `${world.platform.project}-${service}-1`;

async function deployByCli(): Promise<{ report: RunReport; lines: string[]; seconds: number }> {
  const startedAt = performance.now();
  const { exitCode, stdout, stderr } = await world.cli('start', 'deploy', '--yes');
  const seconds = (performance.now() - startedAt) / 1000;
  expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 0, stdout: '' });
  const run = /run (\S+)$/m.exec(stderr)?.[1] ?? '';
  const report = await world.report(world.client.workflow.getHandle(run));
  return { report, lines: stderr.split('\n'), seconds };
}

/** Measured, for people: how long things take here is no assertion. */
function record(what: string, value: string): void {
  process.stdout.write(`lab: ${what}: ${value}\n`);
}

describe('deploy on the reference platform', () => {
  test('brings everything up from nothing, each container once', async () => {
    const { report, seconds } = await deployByCli();
    record('first deploy', `${seconds.toFixed(1)} s`);
    expect(report).toMatchObject({ outcome: 'succeeded', changed: true });
    expect(report.findings.filter(({ ok }) => ok === true)).toHaveLength(9);
    expect(countByService(starts.take())).toEqual(
      Object.fromEntries(everyService.map((service) => [service, 1])),
    );
    const states = Object.fromEntries(
      (await world.platform.containers()).map(({ service, state }) => [service, state]),
    );
    expect(states).toMatchObject(
      Object.fromEntries([...servers, 'canary'].map((service) => [service, 'running'])),
    );
    expect(states).toMatchObject({ 'database-init': 'exited', 'minio-init': 'exited' });
  });

  test('delivers every secret to its consumers alone and shows its value nowhere', async () => {
    const { directory, platformFile, name } = world.platform;
    const platform = parsePlatformFile(await readFile(platformFile, 'utf8'), platformFile);
    for (const [secret, { deliver }] of Object.entries(platform.secrets.items)) {
      for (const [consumer, reader] of Object.entries(deliver)) {
        const uid = uidOf(reader);
        const facts = await lstat(join(directory, '.secrets', 'delivered', consumer, secret));
        expect({ consumer, secret, uid: facts.uid, mode: facts.mode & 0o7777 }).toEqual({
          ...{ consumer, secret, uid },
          mode: 0o400,
        });
      }
    }
    const values = await secretValues(directory);
    expect(values.size).toBe(Object.keys(platform.secrets.items).length);
    const shown = await containerTexts(await world.platform.containers());
    expect(shown.filter(([, text]) => text.includes('CANARY_RATE_PER_SECOND'))).toHaveLength(3);
    const kept = await textsBelow(world.stateDirectory);
    const runs = [];
    for await (const { workflowId } of world.client.workflow.list()) {
      runs.push([
        `history of ${workflowId}`,
        await historyText(world.client.workflow.getHandle(workflowId)),
      ] as const);
    }
    expect(runs.map(([place]) => place)).toContain(`history of lock/${name}`);
    expect([...kept.keys()].filter((path) => path.includes('/runs/')).length).toBeGreaterThan(10);
    expect(
      leaks(values, [
        ...shown,
        ['the output of the worker', world.worker.output],
        ...runs,
        ...kept,
      ]),
    ).toEqual([]);
  });

  test('serves its clients', async () => {
    const before = await askCanary(world.platform, true);
    for (const target of canaryTargets) {
      expect(before[target]).toMatchObject({ connects: 0, failures: 0, credentialRefused: 0 });
    }
    const after = await until('the canary reaches all of them again', async () => {
      const now = await canary();
      return canaryTargets.every((target) => now[target].connects > 1) && now;
    });
    for (const target of canaryTargets) {
      expect(after[target]).toMatchObject({ failures: 0, lastErrorClass: null });
      expect(after[target].longestGapMs).toBeLessThan(5_000);
    }
  });

  test('changes nothing the second time and says so', async () => {
    const before = (await world.platform.containers()).map(({ id }) => id).sort();
    const { report, lines, seconds } = await deployByCli();
    record('deploy without a change', `${seconds.toFixed(1)} s`);
    expect(report, lines.join('\n')).toMatchObject({ outcome: 'succeeded', changed: false });
    expect(lines.slice(-5).join('\n')).toMatch(/^Nothing to change: /m);
    expect(starts.take()).toEqual([]);
    expect((await world.platform.containers()).map(({ id }) => id).sort()).toEqual(before);
  });

  test('replaces the members of PostgreSQL one by one, the primary last', async () => {
    const { stdout } = await execa('docker', [
      ...['exec', container('etcd1'), 'etcdctl', 'get', '--print-value-only'],
      '/service/lab/leader',
    ]);
    const oldLeader = stdout.trim();
    expect(pgMembers).toContain(oldLeader);
    const leaders = LeaderWatch.start(container('etcd1'), '/service/lab/leader');
    const before = await askCanary(world.platform, true);
    await world.platform.edit('postgres.yaml', (text) =>
      text.replace('x-pg: &pg\n', 'x-pg: &pg\n  labels: { generation: "2" }\n'),
    );

    const { report, seconds } = await deployByCli();

    const settled = await until('the canary writes again', async () => {
      const now = await canary();
      return now.postgres.connects > before.postgres.connects && now;
    });
    await leaders.stop();
    record('deploy that replaces three members', `${seconds.toFixed(1)} s`);
    record('time without a leader', `${leaders.gapsMs().map(Math.round).join(', ')} ms`);
    const refused = settled.postgres.failures - before.postgres.failures;
    record(
      'the canary',
      `${refused} writes failed, ${settled.postgres.longestGapMs} ms without one`,
    );

    expect(report).toMatchObject({ outcome: 'succeeded', changed: true });
    const order = starts.take().map(({ service }) => service);
    expect(order.toSorted()).toEqual(pgMembers);
    expect(order[2]).toBe(oldLeader);
    const steps = report.steps.filter(({ id }) => id.startsWith('restart-'));
    expect(steps.map(({ id, status }) => `${id} ${status}`)).toEqual(
      order.map((member) => `restart-${member} done`),
    );
    expect(report.steps.find(({ id }) => id === 'order-postgres')?.result).toBe(
      `one by one: ${order.join(', ')}`,
    );
    // One hand-over, planned: nobody's lease has to run out for it.
    const held = leaders.changes.map(({ leader }) => leader).filter((name) => name !== undefined);
    expect(held).toHaveLength(1);
    expect(order.slice(0, 2)).toContain(held[0]);
    for (const gap of leaders.gapsMs()) expect(gap).toBeLessThan(10_000);
    expect(refused).toBeLessThan(10);
    expect(settled.postgres.longestGapMs).toBeLessThan(15_000);
    expect(settled.postgres.credentialRefused).toBe(0);
    expect(settled.minio.failures).toBe(before.minio.failures);
  });

  test('is found well by verify-platform, and not once a log shows an error', async () => {
    const since = { params: { since: '10s' } };
    const good = await world.report(await world.start('verify-platform', since));
    expect(good, good.summary).toMatchObject({ outcome: 'succeeded', changed: false });
    const line = 'ERROR planted by a test';
    await execa('docker', [
      'exec',
      container('nessie'),
      'sh',
      '-c',
      `echo '${line}' >/proc/1/fd/1`,
    ]);
    const bad = await world.report(await world.start('verify-platform', since));
    expect(bad).toMatchObject({ outcome: 'failed', changed: false });
    expect(bad.error).toMatchObject({
      code: 'RB_ERRORS_IN_LOGS',
      why: expect.stringContaining(`nessie: ${line}`),
    });
  });

  test('restarts etcd and PostgreSQL member by member, in the order that it said', async () => {
    starts.take();
    const before = await canary();
    const { exitCode, stderr } = await world.cli(
      ...['start', 'restart', '--set', 'services=postgres,etcd', '--yes'],
    );
    expect(exitCode, stderr).toBe(0);
    const order = starts.take().map(({ service }) => service);
    expect(order.slice(0, 3).toSorted()).toEqual(['etcd1', 'etcd2', 'etcd3']);
    expect(order.slice(3).toSorted()).toEqual(pgMembers);
    const run = /run (restart-\S+)$/m.exec(stderr)?.[1] ?? '';
    const report = await world.report(world.client.workflow.getHandle(run));
    const words = `etcd (${order.slice(0, 3).join(', ')}); postgres (${order.slice(3).join(', ')})`;
    expect(report.steps.find(({ id }) => id === 'look')?.result).toBe(`2 services: ${words}`);
    const after = await until('the canary writes again', async () => {
      const now = await canary();
      return now.postgres.connects > before.postgres.connects && now;
    });
    expect(after.postgres.failures - before.postgres.failures).toBeLessThan(20);
  });
});
