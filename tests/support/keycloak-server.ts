import { randomBytes } from 'node:crypto';
import { execa } from 'execa';
import { labels } from '../../src/activities/docker/container-facts.ts';
import { createDockerEngine } from '../../src/activities/docker/engine.ts';
import type { LoginSecret } from '../../src/activities/services/credentials.ts';
import { createServiceHandle } from '../../src/activities/services/handle.ts';
import type { ServiceHandle } from '../../src/activities/services/kind.ts';
import { until } from './until.ts';

const image = 'runbook-lab/keycloak:26.7.3';
const basePath = '/auth';

/** The lab's Keycloak alone, with a database in memory, the feature client-secret-rotation and a base path. */
export class KeycloakServer {
  readonly service: ServiceHandle;
  readonly admin: LoginSecret;
  readonly base: string;
  private readonly container: string;

  private constructor(container: string, service: ServiceHandle, admin: LoginSecret, base: string) {
    this.container = container;
    this.service = service;
    this.admin = admin;
    this.base = base;
  }

  static async start(): Promise<KeycloakServer> {
    const project = `rbtest-keycloak-${randomBytes(3).toString('hex')}`;
    const admin = { login: 'lab-admin', value: randomBytes(12).toString('hex') };
    const environment = {
      KC_BOOTSTRAP_ADMIN_USERNAME: admin.login,
      KC_BOOTSTRAP_ADMIN_PASSWORD: admin.value,
      KC_DB: 'dev-mem',
      KC_CACHE: 'local',
      KC_FEATURES: 'client-secret-rotation',
      KC_HTTP_HOST: '0.0.0.0',
      KC_HTTP_RELATIVE_PATH: basePath,
      JAVA_OPTS_KC_HEAP: '-Xmx320m -XX:TieredStopAtLevel=1 -XX:-UseG1GC -XX:+UseSerialGC',
    };
    const container = `${project}-keycloak-1`;
    await execa('docker', [
      ...['run', '--detach', '--name', container, '--memory', '700m'],
      ...['--label', `${labels.project}=${project}`, '--label', `${labels.service}=keycloak`],
      ...Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      ...['--entrypoint', '/opt/keycloak/bin/kc.sh', image, 'start-dev'],
    ]);
    const service = createServiceHandle(createDockerEngine(), project, {
      name: 'keycloak',
      members: ['keycloak'],
      settings: { basePath },
    });
    const address = (await service.facts())[0]?.addresses[0];
    const server = new KeycloakServer(
      container,
      service,
      admin,
      `http://${address}:8080${basePath}`,
    );
    await until(
      'Keycloak answers',
      async () => (await fetch(`${server.base}/realms/master`)).ok,
      90_000,
    ).catch(async (error: unknown) => {
      await server.stop();
      throw error;
    });
    return server;
  }

  async stop(): Promise<void> {
    await execa('docker', ['rm', '--force', '--volumes', this.container]);
  }
}
