import { z } from 'zod';
import { RunbookError } from '../../../shared/errors.ts';
import { Port, readSettings } from '../common/settings.ts';
import type { CredentialTarget } from '../credentials.ts';
import { type Ask, asking } from './http.ts';

/** Where clients ask Keycloak, in its container; the health check asks its management port. */
export const clientSettings = {
  httpPort: Port.default(8080),
  basePath: z
    .string()
    .regex(/^(?:\/[\w.~-]+)*$/, { error: 'expected a path such as "/auth", or nothing' })
    .default(''),
};

const Settings = z.object(clientSettings);

/** A member's own address: an administrator's work needs no proxy, and proxies often hide `/admin`. */
export async function askMember(target: CredentialTarget): Promise<Ask> {
  const { httpPort, basePath } = readSettings(target.service, Settings);
  const facts = (await target.service.facts()).filter(({ running }) => running);
  const member = facts.find(({ dockerHealth }) => dockerHealth !== 'unhealthy') ?? facts[0];
  const address = member?.addresses[0];
  if (address !== undefined)
    return asking(target.service.name, `http://${address}:${httpPort}${basePath}`);
  throw new RunbookError(
    'RB_CREDENTIAL_UNANSWERED',
    `${target.service.name} cannot be asked: none of its containers runs in a network`,
    {
      why: `members: ${target.service.members.join(', ')}`,
      fix: 'start it (`runbook start deploy`), then retry',
    },
  );
}

/** The way that consumers take, when the platform file names one. */
export async function askAsConsumer(target: CredentialTarget): Promise<Ask> {
  if (target.route === undefined) return askMember(target);
  const { basePath } = readSettings(target.service, Settings);
  const { host, port } = target.route;
  return asking(target.service.name, `http://${host}:${port}${basePath}`);
}
