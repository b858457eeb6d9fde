import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { uidOf } from '../../shared/credential-schema.ts';
import { refuse } from '../../shared/errors.ts';
import { firstLogin } from '../../shared/first-login.ts';
import type { Platform } from '../../shared/platform-file.ts';
import { ensureDirectory } from '../files.ts';
import { type Delivery, type DeliveryGap, gapOf } from './copy.ts';
import { hideFromGit } from './hide-from-git.ts';
import type { StoredSecret } from './secret-store.ts';
import { openPlatformStore, secretsDirectory } from './store.ts';

const deliveredDirectory = (platform: Platform) => join(secretsDirectory(platform), 'delivered');

/** Every copy that the platform file asks for. */
export function deliveriesOf(platform: Platform): readonly Delivery[] {
  return Object.keys(platform.secrets.items).flatMap((secret) =>
    deliveriesOfSecret(platform, secret),
  );
}

/** The copies of one secret. */
export function deliveriesOfSecret(platform: Platform, secret: string): readonly Delivery[] {
  const item = platform.secrets.items[secret];
  return Object.entries(item?.deliver ?? {}).map(([consumer, reader]) => ({
    secret,
    consumer,
    uid: uidOf(reader),
    path: join(deliveredDirectory(platform), consumer, secret),
  }));
}

/** What the delivered files of a version hold: the value, or login and value on two lines. */
export function contentOf(
  { secrets }: Platform,
  secret: string,
  { version, value, login }: StoredSecret,
): string {
  const item = secrets.items[secret];
  if (item?.form !== 'pair') return value;
  const opened = login ?? firstLogin(item);
  if (opened === undefined) throw noLogin(secret, version);
  return `${opened}\n${value}\n`;
}

/** Copies that `deliverSecrets` would write; those of secrets that have no value yet count as missing. */
export async function deliveryGaps(platform: Platform): Promise<readonly DeliveryGap[]> {
  const store = openPlatformStore(platform);
  const gaps: DeliveryGap[] = [];
  for (const secret of Object.keys(platform.secrets.items)) {
    const current = await store.readCurrent(secret);
    const content = current && contentOf(platform, secret, current);
    for (const delivery of deliveriesOfSecret(platform, secret)) {
      const why = await gapOf(delivery, content);
      if (why === undefined) continue;
      gaps.push({ ...delivery, why, ...(current && { version: current.version }) });
    }
  }
  return gaps;
}

/** A copy that is complete and waits beside its target; no secret has a dot in its name. */
export const stagedPath = (target: string, version: string) => `${target}.staged-${version}`;

/** Files below `delivered` that neither the platform file nor a rotation asks for, as `consumer/name`. */
export async function strayDeliveries(platform: Platform): Promise<readonly string[]> {
  const store = openPlatformStore(platform);
  const wanted = new Set<string>();
  for (const { secret, path } of deliveriesOf(platform)) {
    const { pending } = await store.labels(secret);
    wanted.add(path);
    if (pending !== undefined) wanted.add(stagedPath(path, pending));
  }
  const root = deliveredDirectory(platform);
  const found = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  return found
    .filter((entry) => !entry.isDirectory() && !entry.name.includes('.tmp-'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !wanted.has(path))
    .map((path) => path.slice(root.length + 1))
    .sort();
}

/** Consumers pass through the folders by name and cannot list them: 0711. */
export async function ensureFolders(
  platform: Platform,
  deliveries: readonly Delivery[],
): Promise<void> {
  if (deliveries.length === 0) return;
  await ensureDirectory(secretsDirectory(platform), 0o711);
  await hideFromGit(platform);
  await ensureDirectory(deliveredDirectory(platform), 0o711);
  for (const consumer of new Set(deliveries.map((delivery) => delivery.consumer))) {
    await ensureDirectory(join(deliveredDirectory(platform), consumer), 0o711);
  }
}

const noLogin = (secret: string, version: string) =>
  refuse(
    'RB_SECRET_LOGIN',
    `the login of ${secret}@${version} is not known`,
    'its form is pair, and neither the store nor its account in the platform file names a login',
    `put the name of the account into secrets.items.${secret}.credential.account`,
  );
