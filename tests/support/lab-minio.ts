import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { createDockerEngine } from '../../src/activities/docker/engine.ts';
import type { CredentialTarget, LoginSecret } from '../../src/activities/services/credentials.ts';
import { createServiceHandle } from '../../src/activities/services/handle.ts';
import { freePort } from './free-port.ts';
import { PlatformCopy } from './platform-copy.ts';

const minioUid = 5900;

export const freshValue = () => randomBytes(20).toString('hex');

/** MinIO of the lab with its buckets and users, and nothing else of it. */
export class LabMinio {
  readonly platform: PlatformCopy;
  /** What clients outside of the project reach. */
  readonly route: { readonly host: string; readonly port: number };
  root: LoginSecret = { login: 'lakehouse-root', value: freshValue() };
  readonly canary: LoginSecret = { login: 'canary', value: freshValue() };

  private constructor(platform: PlatformCopy, port: number) {
    this.platform = platform;
    this.route = { host: '127.0.0.1', port };
  }

  static async start(): Promise<LabMinio> {
    const platform = await PlatformCopy.of('lab');
    const minio = new LabMinio(platform, await freePort());
    try {
      const ports = { MINIO_API_PORT: minio.route.port, MINIO_CONSOLE_PORT: await freePort() };
      const lines = Object.entries(ports).map(([name, port]) => `${name}=${port}\n`);
      await writeFile(join(platform.directory, '.env'), lines.join(''));
      await minio.deliver('minio', { 'minio-root': minio.root.value });
      await minio.deliver('minio-init', {
        'minio-root': minio.root.value,
        's3-canary': minio.canary.value,
        's3-lakehouse': freshValue(),
      });
      await platform.compose('up', '--detach', '--wait', 'minio');
      await platform.compose('run', '--rm', '--no-deps', 'minio-init');
    } catch (error) {
      await platform.destroy();
      throw error;
    }
    return minio;
  }

  get container(): string {
    return `${this.platform.project}-minio-1`;
  }

  /** What an activity has in hand; `account` is what the platform file would say. */
  target(
    account: Readonly<Record<string, string>>,
    changes: Partial<CredentialTarget> = {},
  ): CredentialTarget {
    const service = { name: 'minio', members: ['minio'], settings: {} };
    return {
      service: createServiceHandle(createDockerEngine(), this.platform.project, service),
      account,
      strategy: 'dual',
      route: this.route,
      secret: async () => this.root,
      checkFence: async () => {},
      log: () => {},
      ...changes,
    };
  }

  /** As a rotation does it with a secret that the server takes at its start; it answers some time later. */
  async restartWithRoot(value: string): Promise<void> {
    await this.deliver('minio', { 'minio-root': value });
    await this.platform.compose('restart', 'minio');
    this.root = { login: this.root.login, value };
  }

  /** A command of MinIO's own client with root's rights, whose configuration comes on standard input. */
  async mc(...args: readonly string[]): Promise<string> {
    const aliases = {
      lab: {
        ...{ url: 'http://127.0.0.1:9000', api: 'S3v4', path: 'on' },
        ...{ accessKey: this.root.login, secretKey: this.root.value },
      },
    };
    const script =
      'umask 077; d=/dev/shm/mc; mkdir -p $d; cat >$d/config.json; mc -C $d --json "$@"; s=$?; rm -rf $d; exit $s';
    const { stdout } = await execa(
      'docker',
      ['exec', '--interactive', this.container, 'sh', '-c', script, 'sh', ...args],
      { input: JSON.stringify({ version: '10', aliases }) },
    );
    return stdout;
  }

  private async deliver(consumer: string, secrets: Record<string, string>): Promise<void> {
    const delivered = join(this.platform.directory, '.secrets', 'delivered');
    await mkdir(join(delivered, consumer), { recursive: true });
    for (const [name, value] of Object.entries(secrets)) {
      const path = join(delivered, consumer, name);
      await writeFile(path, value);
      await chown(path, minioUid, minioUid);
      await chmod(path, 0o400);
    }
  }
}
