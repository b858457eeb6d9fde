import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDockerEngine } from '../../src/activities/docker/engine.ts';
import { readEnvironmentState, renderEnvironment } from '../../src/activities/environment-state.ts';
import { deliverSecrets } from '../../src/activities/secrets/deliver-current.ts';
import { openPlatformStore } from '../../src/activities/secrets/store.ts';
import { createServiceHandle } from '../../src/activities/services/handle.ts';
import type { ServiceHandle } from '../../src/activities/services/kind.ts';
import type { Platform } from '../../src/shared/platform-file.ts';
import { parsePlatformFile } from '../../src/shared/read-platform.ts';
import { PlatformCopy } from './platform-copy.ts';
import { until } from './until.ts';

const members = ['pg1', 'pg2', 'pg3'];

/** The lab's PostgreSQL alone: etcd, Patroni, HAProxy and the roles of its services, without a run of the product. */
export class LabDatabase {
  readonly copy: PlatformCopy;
  readonly platform: Platform;
  readonly service: ServiceHandle;

  private constructor(copy: PlatformCopy, platform: Platform) {
    this.copy = copy;
    this.platform = platform;
    this.service = createServiceHandle(createDockerEngine(), copy.project, {
      name: 'postgres',
      members,
      settings: {},
    });
  }

  static async open(): Promise<LabDatabase> {
    await using opened = new AsyncDisposableStack();
    const copy = await PlatformCopy.of('lab');
    opened.defer(() => copy.destroy());
    const text = await readFile(copy.platformFile, 'utf8');
    const platform = {
      ...parsePlatformFile(text, copy.platformFile),
      directory: copy.directory,
    } as Platform;
    const state = await readEnvironmentState(platform);
    for (const [name, length] of state.toMint) await state.store.mint(name, length);
    await deliverSecrets(platform, async () => {});
    await writeFile(join(copy.directory, '.env'), await renderEnvironment(state));
    await copy.compose('up', '--detach', '--no-build', 'haproxy', ...members);
    await copy.compose('run', '--rm', 'database-init');
    const database = new LabDatabase(copy, platform);
    await until('both replicas stream', () => database.replicasStream(), 60_000);
    opened.move();
    return database;
  }

  /** The value that the store holds for a secret of the platform. */
  async secret(name: string): Promise<string> {
    const current = await openPlatformStore(this.platform).readCurrent(name);
    if (current === undefined) throw new Error(`the store has no ${name}`);
    return current.value;
  }

  async address(service: string): Promise<string> {
    const [container] = await createDockerEngine().containers(this.copy.project, service);
    const address = container?.addresses[0];
    if (address === undefined) throw new Error(`${service} has no address`);
    return address;
  }

  close(): Promise<void> {
    return this.copy.destroy();
  }

  private async replicasStream(): Promise<boolean> {
    const { patroni } = await import('../../src/activities/services/patroni/kind.ts');
    return (await patroni.health?.check(this.service))?.healthy ?? false;
  }
}
