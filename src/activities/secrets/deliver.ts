import { renameSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { refuse } from '../../shared/errors.ts';
import type { Platform } from '../../shared/platform-file.ts';
import { syncDirectory } from '../files.ts';
import { type Delivery, gapOf, readCopy, writeCopy } from './copy.ts';
import { contentOf, deliveriesOfSecret, ensureFolders, stagedPath } from './deliveries.ts';
import { openPlatformStore } from './store.ts';

type BeforeEach = () => Promise<void>;

export interface Swap {
  /** Whose copies were replaced; the others held the version already. */
  readonly consumers: readonly string[];
  /** Between the first and the last of them. */
  readonly spanMs: number;
}

/**
 * Puts complete copies of a version beside the delivered ones. Repeating it writes only what is missing or wrong, and
 * removes what was staged of other versions or left by a killed writer.
 */
export async function stageDelivery(
  platform: Platform,
  secret: string,
  version: string,
  beforeEach: BeforeEach,
): Promise<void> {
  const content = await contentOfVersion(platform, secret, version);
  const deliveries = deliveriesOfSecret(platform, secret);
  await ensureFolders(platform, deliveries);
  for (const delivery of deliveries) {
    const staged = stagedPath(delivery.path, version);
    const isThere = (await gapOf(delivery, content)) === undefined;
    await removeBeside(delivery, isThere ? undefined : basename(staged), beforeEach);
    if (isThere || (await gapOf({ ...delivery, path: staged }, content)) === undefined) continue;
    await beforeEach();
    await writeCopy(delivery, staged, content);
  }
}

/**
 * Puts the staged copies in the place of the delivered ones, all of them or, where one is not ready, none. What a
 * repeat finds in place stays.
 */
export async function swapDelivery(
  platform: Platform,
  secret: string,
  version: string,
  beforeEach: BeforeEach,
): Promise<Swap> {
  const content = await contentOfVersion(platform, secret, version);
  const ready: Delivery[] = [];
  for (const delivery of deliveriesOfSecret(platform, secret)) {
    if ((await gapOf(delivery, content)) === undefined) continue;
    const staged = { ...delivery, path: stagedPath(delivery.path, version) };
    if ((await gapOf(staged, content)) !== undefined) throw notStaged(secret, version, delivery);
    ready.push(delivery);
  }
  if (ready.length === 0) return { consumers: [], spanMs: 0 };
  await beforeEach();
  // One effect, without a pause in which consumers would have different versions.
  const startedMs = performance.now();
  for (const { path } of ready) renameSync(stagedPath(path, version), path);
  const spanMs = performance.now() - startedMs;
  for (const { path } of ready) await syncDirectory(dirname(path));
  return { consumers: ready.map(({ consumer }) => consumer), spanMs };
}

/** Removes what is staged of a secret: for a rotation that is taken back before its delivery. */
export async function unstageDelivery(
  platform: Platform,
  secret: string,
  beforeEach: BeforeEach,
): Promise<void> {
  for (const delivery of deliveriesOfSecret(platform, secret))
    await removeBeside(delivery, undefined, beforeEach);
}

/** A version, or `missing`, or `foreign`: there is something that no version of the store accounts for. */
export type DeliveredVersion = string;

/** Which version each consumer's copy holds. A value that the store has forgotten is known by its fingerprint. */
export async function deliveredVersion(
  platform: Platform,
  secret: string,
): Promise<Readonly<Record<string, DeliveredVersion>>> {
  const found: Record<string, DeliveredVersion> = {};
  for (const { consumer, path } of deliveriesOfSecret(platform, secret)) {
    const text = await readCopy(path);
    found[consumer] =
      text === 'missing' || text === 'foreign'
        ? text
        : await versionIn(platform, secret, text.content);
  }
  return found;
}

async function versionIn(platform: Platform, secret: string, content: string): Promise<string> {
  const store = openPlatformStore(platform);
  const isPair = platform.secrets.items[secret]?.form === 'pair';
  const value = isPair ? /^[^\n]*\n([^\n]*)\n$/.exec(content)?.[1] : content;
  const version = value === undefined ? undefined : await store.versionOf(secret, value);
  if (version === undefined) return 'foreign';
  const stored = await store.read(secret, version);
  // The right value beside another login opens nothing.
  if (stored && contentOf(platform, secret, stored) !== content) return 'foreign';
  return version;
}

/** Removes `secret.*` beside a copy but for one file. Nobody else writes there: the run has the service's lock. */
async function removeBeside(
  { path }: Delivery,
  kept: string | undefined,
  beforeEach: BeforeEach,
): Promise<void> {
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => []);
  const stale = names.filter((name) => name.startsWith(`${basename(path)}.`) && name !== kept);
  for (const name of stale) {
    await beforeEach();
    await rm(join(folder, name), { force: true });
  }
  if (stale.length > 0) await syncDirectory(folder);
}

async function contentOfVersion(platform: Platform, secret: string, version: string) {
  const stored = await openPlatformStore(platform).read(secret, version);
  if (stored === undefined) throw noVersion(secret, version);
  return contentOf(platform, secret, stored);
}

const noVersion = (secret: string, version: string) =>
  refuse(
    'RB_SECRET_UNKNOWN',
    `${secret}@${version} has no value to deliver`,
    'it is not in the store, or was taken back',
    `see what is there: runbook secrets show ${secret}`,
  );

const notStaged = (secret: string, version: string, { consumer }: Delivery) =>
  refuse(
    'RB_DELIVERY_NOT_STAGED',
    `${secret}@${version} is not ready beside the copy of ${consumer}`,
    'the file that was to take its place is gone or was changed; no copy was replaced',
    'retry the step that delivers, or start the rotation again',
  );
