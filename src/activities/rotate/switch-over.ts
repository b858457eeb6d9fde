import { readFile } from 'node:fs/promises';
import { notMinted } from '../../shared/not-minted.ts';
import type { ProbeVerdict } from '../../shared/run-state.ts';
import type { StepContext } from '../../shared/step-context.ts';
import type { PlatformDependencies } from '../opened-platform.ts';
import { deliveredVersion, stageDelivery, swapDelivery } from '../secrets/deliver.ts';
import { deliveriesOf } from '../secrets/deliveries.ts';
import { countOnce } from './census.ts';
import { watchGap } from './gap-watch.ts';
import { note } from './journal.ts';
import { isPastReturn } from './mint.ts';
import { type OpenedCredential, openCredential } from './open-credential.ts';
import type { Rotation } from './target.ts';

export interface SwitchedOver {
  readonly summary: string;
}

export const createSwitchActivities = (deps: PlatformDependencies) => ({
  /** Reads only, so a retry is always safe. */
  async switchVerdict(
    _ctx: StepContext,
    { target, version }: Rotation,
  ): Promise<ProbeVerdict<SwitchedOver>> {
    const change = `set and deliver ${version || 'it'}`;
    if (version === notMinted) return { state: 'absent', now: target.now, change };
    const own = await openCredential(deps, target.name);
    const isSet = target.takenAtStart || (await holds(own, version));
    const behind = await consumersWithout(own, version);
    if (isSet && behind.length === 0) {
      return { state: 'in-place', now: `${target.service} and all files have ${version}` };
    }
    const now = isSet ? `${version} is set, not delivered to ${behind.join(', ')}` : target.now;
    return { state: 'absent', now, change };
  },

  /**
   * Setting the same value again changes nothing, and files are replaced whole, so a retry goes on where this
   * stopped. Both stand in one act: between them, who reads its file gets a value that is refused.
   */
  async switchSecret(_ctx: StepContext, rotation: Rotation): Promise<SwitchedOver> {
    const own = await openCredential(deps, rotation.target.name);
    await countOnce(own);
    return moveTo(own, rotation.version, rotation.target.takenAtStart);
  },

  /**
   * The way back, whole: repeating it sets and delivers the same old value, so a retry is safe. That it is accepted
   * is proved once the consumers have it as well: they must not wait for that.
   */
  async switchBack(
    _ctx: StepContext,
    { target, version }: Rotation,
  ): Promise<{ readonly back: boolean }> {
    const own = await openCredential(deps, target.name);
    if (await isPastReturn(own, { target, version })) return { back: false };
    // Where it is accepted still, nobody who administers accounts is needed: that may be what failed.
    const isSet = target.takenAtStart || (await holds(own, target.from));
    await moveTo(own, target.from, isSet);
    return { back: true };
  },
});

async function moveTo(
  own: OpenedCredential,
  version: string,
  isSet: boolean,
): Promise<SwitchedOver> {
  const { opened, secret, type, target } = own;
  const { attempt, platform } = opened;
  const beforeEach = () => attempt.checkFence();
  const secretOfVersion = await own.read(version);
  await stageDelivery(platform, secret, version, beforeEach);
  await using watch = isSet ? undefined : await watchRereaders(own);
  const set = isSet ? undefined : await type.set(target, secretOfVersion);
  await swapDelivery(platform, secret, version, beforeEach);
  const seen = await watch?.end();
  if (set !== undefined) await note(own, version, 'set', { serviceTime: set.at });
  await note(own, version, 'delivered', seen === undefined ? {} : { gapMs: seen.gapMs });
  const done = set === undefined ? `${version} delivered` : `${version} set and delivered`;
  if (seen === undefined) return { summary: done };
  const words = `longest gap of a login ${seen.gapMs} ms, ${seen.refused} of ${seen.logins} logins refused`;
  return { summary: `${done}; ${words}` };
}

/** Logs in over and over as the first consumer does that reads its file at every use. */
async function watchRereaders(own: OpenedCredential) {
  const { opened, secret, item, type } = own;
  const reader = Object.entries(item.deliver).find(
    ([, consumer]) => typeof consumer === 'object' && consumer.takes === 'reread',
  );
  const path = deliveriesOf(opened.platform).find(
    (delivery) => delivery.secret === secret && delivery.consumer === reader?.[0],
  )?.path;
  if (path === undefined) return undefined;
  const proving = await own.proving();
  const { login: known } = await own.read((await own.store.labels(secret)).current ?? '');
  return watchGap(async () => {
    const lines = (await readFile(path, 'utf8')).split('\n').filter(Boolean);
    const [first = '', second] = lines;
    const pair =
      second === undefined ? { login: known, value: first } : { login: first, value: second };
    return (await type.prove(proving, pair)).accepted;
  }, opened.attempt.signal);
}

const holds = async (own: OpenedCredential, version: string) =>
  (await own.type.holds(await own.proving(), await own.read(version))) === 'this';

async function consumersWithout({ opened, secret }: OpenedCredential, version: string) {
  const delivered = await deliveredVersion(opened.platform, secret);
  return Object.keys(delivered).filter((consumer) => delivered[consumer] !== version);
}
