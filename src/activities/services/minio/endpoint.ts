import { z } from 'zod';
import { RunbookError } from '../../../shared/errors.ts';
import { Port, readSettings } from '../common/settings.ts';
import type { CredentialTarget } from '../credentials.ts';

/** Of the settings of the kind, those that say where it listens. */
const Listens = z.object({
  port: Port.default(9000),
  scheme: z.enum(['http', 'https']).default('http'),
});

/** Where a member of the service itself is reached from this host. */
export async function memberEndpoint({ service }: Pick<CredentialTarget, 'service'>): Promise<URL> {
  const { port, scheme } = readSettings(service, Listens);
  const running = (await service.facts()).filter((member) => member.running);
  const [address] = running.flatMap((member) => member.addresses);
  if (address !== undefined) return urlOf(scheme, address, port);
  const why =
    running.length === 0
      ? 'none of its containers is running'
      : 'none of its containers has an address in a network of this host';
  throw new RunbookError(
    'RB_CREDENTIAL_UNANSWERED',
    `the service ${service.name} cannot be asked`,
    {
      why,
      fix: 'start it, then retry',
    },
  );
}

/** Where its consumers reach it. */
export async function consumersEndpoint(target: CredentialTarget): Promise<URL> {
  if (target.route === undefined) return memberEndpoint(target);
  const { scheme } = readSettings(target.service, Listens);
  return urlOf(scheme, target.route.host, target.route.port);
}

const urlOf = (scheme: string, host: string, port: number) =>
  new URL(`${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`);
