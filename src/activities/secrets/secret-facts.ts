import { takesOf, uidOf } from '../../shared/credential-schema.ts';
import { secretVariables } from '../../shared/environment/variables.ts';
import type { Platform } from '../../shared/platform-file.ts';
import type { SecretConsumer, SecretFacts } from '../../shared/secrets-report.ts';
import type { AccountType } from '../services/credentials.ts';
import type { ServiceKind } from '../services/kind.ts';
import { deliveredVersion } from './deliver.ts';
import { openPlatformStore, variableSecret } from './store.ts';

export type SecretItem = Platform['secrets']['items'][string];

export interface Facts {
  readonly kinds: readonly ServiceKind[];
  readonly now: Date;
}

const dayMs = 24 * 3_600_000;

/** What is known of every secret of a platform, those of files first. */
export async function secretFacts(
  platform: Platform,
  { kinds, now }: Facts,
): Promise<readonly SecretFacts[]> {
  const items = Object.entries(platform.secrets.items).map(([name, item]) =>
    factsOfItem(platform, name, item, { kinds, now }),
  );
  const variables = secretVariables(platform.environment.variables).map((name) =>
    factsOfVariable(platform, name),
  );
  return Promise.all([...items, ...variables]);
}

/** What a rotation works with, or why there is nothing. */
export function accountTypeOf(
  { services }: Platform,
  { credential }: SecretItem,
  kinds: readonly ServiceKind[],
): AccountType | { readonly why: string } {
  if (credential === undefined) return { why: 'the platform file does not say what it opens' };
  const kind = services[credential.service]?.kind ?? '';
  const types = kinds.find((known) => known.kind === kind)?.credentials?.types ?? {};
  const type = Object.hasOwn(types, credential.type) ? types[credential.type] : undefined;
  return (
    type ?? { why: `the kind ${kind} cannot give accounts of the type ${credential.type} others` }
  );
}

async function factsOfItem(
  platform: Platform,
  name: string,
  item: SecretItem,
  { kinds, now }: Facts,
): Promise<SecretFacts> {
  const { credential } = item;
  const type = accountTypeOf(platform, item, kinds);
  const stored = await factsOfStore(platform, name);
  const dueMs =
    credential === undefined || stored.mintedAt === undefined
      ? undefined
      : Date.parse(stored.mintedAt) + Number.parseInt(credential.maxAge, 10) * dayMs;
  const { service, strategy } = credential ?? {};
  return {
    name,
    description: item.description,
    ...('why' in type ? { coverage: 'not-covered', why: type.why } : { coverage: 'covered' }),
    ...(credential === undefined || service === undefined || strategy === undefined
      ? {}
      : { service, strategy, type: credential.type, kind: platform.services[service]?.kind ?? '' }),
    ...stored,
    ...(dueMs === undefined ? {} : { dueAt: new Date(dueMs).toISOString() }),
    overdue: dueMs !== undefined && dueMs <= now.getTime(),
    consumers: await consumersOf(platform, name, item),
  };
}

async function factsOfVariable(platform: Platform, name: string): Promise<SecretFacts> {
  return {
    name,
    description: platform.environment.variables[name]?.description ?? '',
    coverage: 'in-environment',
    why: 'whoever may talk to Docker can read it; runbook start migrate-secrets moves it into a file',
    ...(await factsOfStore(platform, variableSecret(name))),
    overdue: false,
    consumers: [],
  };
}

async function factsOfStore(platform: Platform, name: string) {
  const store = openPlatformStore(platform);
  const versions = await store.versions(name);
  const { current } = await store.labels(name);
  const inForce = versions.find(({ version }) => version === current);
  const events = await store.journal(name);
  const lastProof = events.findLast(
    ({ event, version }) => event === 'proved' && version === current,
  );
  return {
    versions,
    ...(current === undefined ? {} : { current }),
    ...(inForce === undefined ? {} : { mintedAt: inForce.mintedAt }),
    ...(lastProof === undefined ? {} : { lastProof }),
  };
}

async function consumersOf(
  platform: Platform,
  secret: string,
  { deliver }: SecretItem,
): Promise<readonly SecretConsumer[]> {
  const delivered = await deliveredVersion(platform, secret);
  return Object.entries(deliver).map(([name, reader]) => ({
    name,
    uid: uidOf(reader),
    takes: takesOf(reader),
    has: delivered[name] ?? 'missing',
  }));
}
