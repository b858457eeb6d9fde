import { RunbookError } from '../../shared/errors.ts';
import type { DockerEngine } from '../docker/engine.ts';

/** A compose service and its port, `haproxy:5432`, as this host reaches it: by the addresses of its containers. */
export async function routeAddress(
  engine: Pick<DockerEngine, 'containers'>,
  project: string,
  route: string,
): Promise<{ readonly host: string; readonly port: number }> {
  const [service = '', port] = route.split(':');
  const containers = await engine.containers(project, service);
  const host = containers.find(({ state }) => state === 'running')?.addresses[0];
  if (host !== undefined) return { host, port: Number(port) };
  throw new RunbookError('RB_ROUTE_DOWN', `${service}, through which consumers go, does not run`, {
    why: `no running container of ${service} has an address`,
    fix: `bring ${service} back, then retry`,
  });
}
