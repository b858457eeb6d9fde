import { readFile, writeFile } from 'node:fs/promises';
import { createDockerEngine } from '../../src/activities/docker/engine.ts';
import { readEnvironmentState, renderEnvironment } from '../../src/activities/environment-state.ts';
import { deliverSecrets } from '../../src/activities/secrets/deliver-current.ts';
import { openPlatformStore } from '../../src/activities/secrets/store.ts';
import type { LoginSecret } from '../../src/activities/services/credentials.ts';
import { createServiceHandle } from '../../src/activities/services/handle.ts';
import type { ServiceHandle } from '../../src/activities/services/kind.ts';
import type { Platform } from '../../src/shared/platform-file.ts';
import { parsePlatformFile } from '../../src/shared/read-platform.ts';
import { PlatformCopy } from './platform-copy.ts';
import { until } from './until.ts';

/** The lab's Keycloak and what it stands on: PostgreSQL under Patroni, etcd, HAProxy. No run of the product. */
export class LabKeycloak {
  readonly service: ServiceHandle;
  readonly admin: LoginSecret;
  /** Its published port, as consumers on this host reach it. */
  readonly route: { readonly host: string; readonly port: number };
  private readonly copy: PlatformCopy;

  private constructor(copy: PlatformCopy, admin: LoginSecret, port: number) {
    this.copy = copy;
    this.admin = admin;
    this.route = { host: '127.0.0.1', port };
    this.service = createServiceHandle(createDockerEngine(), copy.project, {
      name: 'keycloak',
      members: ['keycloak'],
      settings: {},
    });
  }

  get base(): string {
    return `http://${this.route.host}:${this.route.port}`;
  }

  static async open(): Promise<LabKeycloak> {
    await using opened = new AsyncDisposableStack();
    const copy = await PlatformCopy.of('lab');
    opened.defer(() => copy.destroy());
    const text = await readFile(copy.platformFile, 'utf8');
    const platform: Platform = {
      ...parsePlatformFile(text, copy.platformFile),
      directory: copy.directory,
    };
    const state = await readEnvironmentState(platform);
    for (const [name, length] of state.toMint) await state.store.mint(name, length);
    await deliverSecrets(platform, async () => {});
    const environment = await renderEnvironment(state);
    await writeFile(`${copy.directory}/.env`, environment);
    const setting = (name: string) =>
      new RegExp(`^${name}=(.*)$`, 'm').exec(environment)?.[1] ?? '';
    const first = await openPlatformStore(platform).readCurrent('keycloak-admin');
    const admin = { login: setting('KEYCLOAK_ADMIN_USER'), value: first?.value ?? '' };
    const lab = new LabKeycloak(copy, admin, Number(setting('KEYCLOAK_PORT')));
    await copy.compose('up', '--detach', '--no-build', 'keycloak');
    await until('Keycloak answers', () => lab.answers(), 120_000);
    opened.move();
    return lab;
  }

  /** Compose starts it again; its entry point reads the delivered files anew. */
  async restart(): Promise<void> {
    await this.copy.compose('restart', 'keycloak');
    await until('Keycloak answers again', () => this.answers(), 120_000);
  }

  close(): Promise<void> {
    return this.copy.destroy();
  }

  private answers = async (): Promise<boolean> => (await fetch(`${this.base}/realms/master`)).ok;
}
