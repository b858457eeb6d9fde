import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import pg from 'pg';
import { createDockerEngine } from '../../src/activities/docker/engine.ts';
import { readEnvironmentState, renderEnvironment } from '../../src/activities/environment-state.ts';
import { deliverSecrets } from '../../src/activities/secrets/deliver-current.ts';
import { deliveriesOf } from '../../src/activities/secrets/deliveries.ts';
import { openPlatformStore } from '../../src/activities/secrets/store.ts';
import { createServiceHandle } from '../../src/activities/services/handle.ts';
import type { ServiceHandle } from '../../src/activities/services/kind.ts';
import { readCluster } from '../../src/activities/services/patroni/cluster.ts';
import type { Platform } from '../../src/shared/platform-file.ts';
import { parsePlatformFile } from '../../src/shared/read-platform.ts';
import { PlatformCopy } from './platform-copy.ts';
import { until } from './until.ts';

export const members = ['pg1', 'pg2', 'pg3'] as const;

/** The lab's PostgreSQL alone: etcd, Patroni, HAProxy and the roles of its services, up without a run of the product. */
export class LabDatabase {
  readonly service: ServiceHandle;
  private readonly copy: PlatformCopy;
  private readonly platform: Platform;

  private constructor(copy: PlatformCopy, platform: Platform) {
    this.copy = copy;
    this.platform = platform;
    this.service = createServiceHandle(createDockerEngine(), copy.project, {
      ...{ name: 'postgres', members, settings: {} },
    });
  }

  static async open(): Promise<LabDatabase> {
    await using opened = new AsyncDisposableStack();
    const copy = await PlatformCopy.of('lab');
    opened.defer(() => copy.destroy());
    const file = parsePlatformFile(await readFile(copy.platformFile, 'utf8'), copy.platformFile);
    const platform = { ...file, directory: copy.directory };
    const state = await readEnvironmentState(platform);
    for (const [name, length] of state.toMint) await state.store.mint(name, length);
    await deliverSecrets(platform, async () => {});
    await writeFile(join(copy.directory, '.env'), await renderEnvironment(state));
    await copy.compose('up', '--detach', '--no-build', 'haproxy', ...members);
    await copy.compose('run', '--rm', 'database-init');
    const database = new LabDatabase(copy, platform);
    await database.untilHealthy();
    opened.move();
    return database;
  }

  close(): Promise<void> {
    return this.copy.destroy();
  }

  /** By the primary's own word: Patroni's is some seconds old. */
  async untilHealthy(): Promise<void> {
    const streams = () =>
      this.psql("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'");
    await until('both replicas stream', async () => (await streams()) === '2', 60_000);
  }

  leader(): Promise<string> {
    const leaderNow = async () =>
      (await readCluster(this.service))?.find(({ leader }) => leader)?.name;
    return until('there is a leader', leaderNow, 40_000);
  }

  /** The value that the store holds for a secret of the platform. */
  async secret(name: string): Promise<string> {
    const current = await openPlatformStore(this.platform).readCurrent(name);
    if (current === undefined) throw new Error(`the store has no ${name}`);
    return current.value;
  }

  /** Puts another value into the files of all members, as a rotation delivers it. */
  async deliver(secret: string, value: string): Promise<void> {
    const own = deliveriesOf(this.platform).filter((delivery) => delivery.secret === secret);
    for (const { path } of own) await writeFile(path, value);
  }

  async address(service: string): Promise<string> {
    const [container] = await createDockerEngine().containers(this.copy.project, service);
    const address = container?.addresses[0];
    if (address === undefined) throw new Error(`${service} has no address`);
    return address;
  }

  /** Runs a command in a member, or fails. */
  async run(member: string, argv: readonly string[], input?: string): Promise<string> {
    const options = { timeoutMs: 30_000, ...(input === undefined ? {} : { input }) };
    const { exitCode, stdout, stderr } = await this.service.exec(member, argv, options);
    if (exitCode !== 0) throw new Error(`${member}: ${argv.join(' ')}: ${stderr}`);
    return stdout.trim();
  }

  /** Statements of the superuser on the leader, as a person types them. */
  async psql(statements: string, database = 'postgres'): Promise<string> {
    const argv = ['psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', database];
    return this.run(await this.leader(), argv, statements);
  }

  /** A consumer's session through HAProxy, or with a member itself. */
  async connect(user: string, password: string, service = 'haproxy'): Promise<pg.Client> {
    const host = await this.address(service);
    const client = new pg.Client({ host, port: 5432, user, password, database: 'canary' });
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  /** What a container and all processes in it have printed. */
  async log(member: string): Promise<string> {
    const name = `${this.copy.project}-${member}-1`;
    const { all } = await execa('docker', ['logs', name], { all: true });
    return all;
  }

  async stop(member: string): Promise<void> {
    await this.copy.compose('stop', member);
  }

  async start(member: string): Promise<void> {
    await this.copy.compose('start', member);
  }
}
