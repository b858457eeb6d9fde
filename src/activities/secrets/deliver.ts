import { constants, type Stats } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { uidOf } from '../../shared/credential-schema.ts';
import { refuse } from '../../shared/errors.ts';
import type { Platform } from '../../shared/platform-file.ts';
import { ensureDirectory, hasCode, writeFileAtomic } from '../files.ts';
import { openPlatformStore, type SecretStore, secretsDirectory } from './store.ts';

/** A copy of a secret for one consumer. */
export interface Delivery {
  readonly secret: string;
  /** The compose service that reads it. */
  readonly consumer: string;
  readonly uid: number;
  readonly path: string;
}

/** A delivery that is not as it should be; `why` is for people and holds no value. */
export interface DeliveryGap extends Delivery {
  readonly why:
    | 'missing'
    | 'another value'
    | 'readable by others'
    | 'wrong mode'
    | 'owned by another user'
    | 'not a plain file';
}

const deliveredDirectory = (platform: Platform) => join(secretsDirectory(platform), 'delivered');

/** Every copy that the platform file asks for. */
export function deliveriesOf(platform: Platform): readonly Delivery[] {
  return Object.entries(platform.secrets.items).flatMap(([secret, item]) =>
    Object.entries(item.deliver).map(([consumer, reader]) => ({
      secret,
      consumer,
      uid: uidOf(reader),
      path: join(deliveredDirectory(platform), consumer, secret),
    })),
  );
}

/** Copies that `deliverSecrets` would write; those of secrets that have no value yet count as missing. */
export async function deliveryGaps(platform: Platform): Promise<readonly DeliveryGap[]> {
  const store = openPlatformStore(platform);
  const gaps: DeliveryGap[] = [];
  for (const delivery of deliveriesOf(platform)) {
    const value = (await store.readCurrent(delivery.secret))?.value;
    const why = await gapOf(delivery, value);
    if (why !== undefined) gaps.push({ ...delivery, why });
  }
  return gaps;
}

/**
 * Writes the copies that are missing or wrong, each in one step, mode 0400 for its consumer's uid.
 * `beforeEach` runs right before each write. Repeating it writes nothing that is right already.
 */
export async function deliverSecrets(
  platform: Platform,
  beforeEach: () => Promise<void>,
): Promise<readonly DeliveryGap[]> {
  const store = openPlatformStore(platform);
  const gaps = await deliveryGaps(platform);
  await ensureFolders(platform);
  for (const gap of gaps) {
    const value = await requireValue(store, gap.secret);
    await beforeEach();
    await writeFileAtomic(gap.path, value, { mode: 0o400, uid: gap.uid, gid: gap.uid }).catch(
      (error: unknown) => {
        throw hasCode(error, 'EPERM') ? cannotGiveAway(gap) : error;
      },
    );
  }
  return gaps;
}

/** Files below `delivered` that the platform file does not ask for, as `consumer/name`. */
export async function strayDeliveries(platform: Platform): Promise<readonly string[]> {
  const wanted = new Set(deliveriesOf(platform).map(({ path }) => path));
  const root = deliveredDirectory(platform);
  const found = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  return found
    .filter((entry) => !entry.isDirectory() && !entry.name.includes('.tmp-'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !wanted.has(path))
    .map((path) => path.slice(root.length + 1));
}

/** Consumers pass through the folders by name and cannot list them: 0711. */
async function ensureFolders(platform: Platform): Promise<void> {
  const deliveries = deliveriesOf(platform);
  if (deliveries.length === 0) return;
  await ensureDirectory(secretsDirectory(platform), 0o711);
  await ensureDirectory(deliveredDirectory(platform), 0o711);
  for (const consumer of new Set(deliveries.map((delivery) => delivery.consumer))) {
    await ensureDirectory(join(deliveredDirectory(platform), consumer), 0o711);
  }
}

async function gapOf(
  delivery: Delivery,
  value: string | undefined,
): Promise<DeliveryGap['why'] | undefined> {
  const stats = await lstat(delivery.path).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  });
  if (!stats) return 'missing';
  if (!stats.isFile()) return 'not a plain file';
  if (stats.uid !== delivery.uid || stats.gid !== delivery.uid) return 'owned by another user';
  if ((stats.mode & 0o077) !== 0) return 'readable by others';
  if ((stats.mode & 0o7777) !== 0o400) return 'wrong mode';
  return (await holds(delivery.path, stats, value)) ? undefined : 'another value';
}

async function holds(path: string, stats: Stats, value: string | undefined): Promise<boolean> {
  if (value === undefined || stats.size !== Buffer.byteLength(value)) return false;
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  return (await file.readFile('utf8')) === value;
}

async function requireValue(store: SecretStore, secret: string): Promise<string> {
  const current = await store.readCurrent(secret);
  if (current) return current.value;
  throw refuse(
    'RB_SECRET_UNKNOWN',
    `the secret ${secret} has no value to deliver`,
    'it is not in the store',
    'run `runbook start deploy`, which generates missing secrets',
  );
}

const cannotGiveAway = ({ secret, consumer, uid }: Delivery) =>
  refuse(
    'RB_SECRET_OWNER',
    `the secret ${secret} cannot be handed to ${consumer}`,
    `its file must belong to uid ${uid}, and only root may give files away`,
    'run the worker as root, or let the service run as the uid of the worker',
  );
