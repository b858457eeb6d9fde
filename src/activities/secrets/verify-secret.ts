import type { Credential } from '../../shared/credential-schema.ts';
import { firstLogin } from '../../shared/first-login.ts';
import { membersOf, type Platform } from '../../shared/platform-file.ts';
import type { SecretCheck } from '../../shared/secrets-report.ts';
import type { DockerEngine } from '../docker/engine.ts';
import type { AccountType, CredentialTarget, LoginSecret } from '../services/credentials.ts';
import { createServiceHandle } from '../services/handle.ts';
import { routeAddress } from '../services/route-address.ts';
import { gapOf } from './copy.ts';
import { deliveredVersion } from './deliver.ts';
import { contentOf, deliveriesOfSecret } from './deliveries.ts';
import type { SecretItem } from './secret-facts.ts';
import type { StoredSecret } from './secret-store.ts';
import { openPlatformStore } from './store.ts';

type CredentialItem = SecretItem & { readonly credential: Credential };

/** Whether each consumer has the version in force, as a file that only it can read. */
export async function checkCopies(
  platform: Platform,
  secret: string,
  current: StoredSecret,
): Promise<readonly SecretCheck[]> {
  const content = contentOf(platform, secret, current);
  const delivered = await deliveredVersion(platform, secret);
  const checks: SecretCheck[] = [];
  for (const delivery of deliveriesOfSecret(platform, secret)) {
    const gap = await gapOf(delivery, content);
    const has = delivered[delivery.consumer] ?? 'missing';
    checks.push({
      what: `the copy of ${delivery.consumer}`,
      ok: gap === undefined,
      words: gap === undefined ? `holds ${current.version}` : gapWords(gap, has),
    });
  }
  return checks;
}

function gapWords(gap: string, has: string): string {
  if (gap !== 'another value') return `is ${gap}`;
  return has === 'foreign' ? 'holds a value that the store does not know' : `holds ${has}`;
}

/** Whether the service accepts the version in force, asked as its consumers ask. */
export async function checkService(
  engine: DockerEngine,
  platform: Platform,
  item: CredentialItem,
  type: AccountType,
  current: StoredSecret,
): Promise<SecretCheck> {
  const { service } = item.credential;
  const what = `the service ${service}`;
  try {
    const target = await targetOf(engine, platform, item);
    const verdict = await type.prove(target, loginSecret(item, current));
    if (verdict.accepted)
      return { what, ok: true, words: `accepts ${current.version}: ${verdict.words}` };
    const words = `refuses ${current.version} with ${verdict.refusal}: ${verdict.words}`;
    return { what, ok: false, words };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { what, ok: false, words: `gives no answer: ${why}` };
  }
}

async function targetOf(
  engine: DockerEngine,
  platform: Platform,
  { credential }: CredentialItem,
): Promise<CredentialTarget> {
  const { project } = platform.compose;
  const { service: name, account, strategy, route } = credential;
  const service = platform.services[name];
  const members = service === undefined ? [name] : membersOf(name, service);
  return {
    service: createServiceHandle(engine, project, {
      ...{ name, members },
      settings: service?.settings ?? {},
    }),
    account,
    strategy,
    ...(route === undefined ? {} : { route: await routeAddress(engine, project, route) }),
    async secret(other) {
      const stored = await openPlatformStore(platform).readCurrent(other);
      if (stored === undefined) throw new Error(`the store has no value of ${other}`);
      return loginSecret(platform.secrets.items[other] ?? {}, stored);
    },
    // A proof has no effect that a newer attempt could be in the way of, and nobody reads its output.
    checkFence: async () => {},
    log: () => {},
  };
}

const loginSecret = (
  item: Partial<Pick<SecretItem, 'credential'>>,
  { login, value }: StoredSecret,
): LoginSecret => ({ login: login ?? firstLogin(item) ?? '', value });
