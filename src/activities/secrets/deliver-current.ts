import { refuse } from '../../shared/errors.ts';
import type { Platform } from '../../shared/platform-file.ts';
import { type DeliveryGap, writeCopy } from './copy.ts';
import { deliveredVersion } from './deliver.ts';
import { contentOf, deliveriesOf, deliveryGaps, ensureFolders } from './deliveries.ts';
import { openPlatformStore } from './store.ts';

/**
 * Writes the copies of current values that are missing or wrong, each in one step, mode 0400 for its consumer's uid.
 * `beforeEach` runs right before each write. Repeating it writes nothing that is right already.
 */
export async function deliverSecrets(
  platform: Platform,
  beforeEach: () => Promise<void>,
): Promise<readonly DeliveryGap[]> {
  const store = openPlatformStore(platform);
  const gaps = await deliveryGaps(platform);
  await refuseBegun(platform, gaps);
  await ensureFolders(platform, deliveriesOf(platform));
  for (const gap of gaps) {
    const current = await store.readCurrent(gap.secret);
    if (!current) throw noValue(gap.secret);
    await beforeEach();
    await writeCopy(gap, gap.path, contentOf(platform, gap.secret, current));
  }
  return gaps;
}

/** Throws `RB_ROTATION_OPEN` where a consumer has the version that a rotation moves to: the service may know only that one. */
export async function refuseBegun(
  platform: Platform,
  gaps: readonly Pick<DeliveryGap, 'secret'>[],
): Promise<void> {
  for (const secret of new Set(gaps.map((gap) => gap.secret))) {
    const { pending } = await openPlatformStore(platform).labels(secret);
    if (pending === undefined) continue;
    const delivered = Object.entries(await deliveredVersion(platform, secret));
    const having = delivered.flatMap(([name, version]) => (version === pending ? [name] : []));
    if (having.length > 0) throw rotationOpen(secret, pending, having);
  }
}

const noValue = (secret: string) =>
  refuse(
    'RB_SECRET_UNKNOWN',
    `the secret ${secret} has no value to deliver`,
    'it is not in the store',
    'run `runbook start deploy`, which generates missing secrets',
  );

const rotationOpen = (secret: string, pending: string, consumers: readonly string[]) =>
  refuse(
    'RB_ROTATION_OPEN',
    `the secret ${secret} is in the middle of a rotation`,
    `${consumers.join(', ')} ${consumers.length === 1 ? 'has' : 'have'} ${secret}@${pending} already, and the service may refuse the value before it`,
    `let its run go on (\`runbook list\`); if there is none any more: runbook start rotate-secrets --set 'secrets=["${secret}"]'`,
  );
