import { refuse } from '../../shared/errors.ts';
import type { ProbeVerdict } from '../../shared/run-state.ts';
import type { StepContext } from '../../shared/step-context.ts';
import type { PlatformDependencies } from '../opened-platform.ts';
import { deliveredVersion } from '../secrets/deliver.ts';
import { note, noted } from './journal.ts';
import { type OpenedCredential, openCredential } from './open-credential.ts';
import type { Rotation, RotationTarget } from './target.ts';

export interface TargetInput {
  readonly target: RotationTarget;
}

export interface MintedVersion {
  readonly version: string;
}

export const createMintActivities = (deps: PlatformDependencies) => ({
  /** Reads only, so a retry is always safe. */
  async mintVerdict(
    _ctx: StepContext,
    { target }: TargetInput,
  ): Promise<ProbeVerdict<MintedVersion>> {
    const { store } = await openCredential(deps, target.name);
    const version = onItsWay(await store.labels(target.name), target.from);
    if (version === undefined) {
      return { state: 'absent', now: target.now, change: target.change };
    }
    return { state: 'in-place', now: `${version} is minted`, output: { version } };
  },

  /** A version that is pending wins, so a retry makes no second value. */
  async mintSecret(_ctx: StepContext, { target }: TargetInput): Promise<MintedVersion> {
    const own = await openCredential(deps, target.name);
    const { store, item, type, opened } = own;
    const known = onItsWay(await store.labels(target.name), target.from);
    if (known !== undefined) return { version: known };
    await opened.attempt.checkFence();
    const { version } = await store.mintPending(target.name, {
      length: item.length,
      login: type.nextLogin(own.target, target.login, nextVersion(target.from)),
    });
    await note(own, version, 'minted');
    return { version };
  },

  /** Takes back what nobody uses any more; what did come into force is left, so a retry is safe. */
  async discardSecret(_ctx: StepContext, { target, version }: Rotation): Promise<void> {
    const own = await openCredential(deps, target.name);
    if (await isPastReturn(own, { target, version })) return;
    await takeOut(own, target, version);
    await requireUnused(own, version);
    await own.opened.attempt.checkFence();
    await own.store.discard(target.name, version);
    await note(own, version, 'discarded');
  },
});

/** Where old and new are accepted side by side, the new one is taken out of the service as well. */
async function takeOut(
  own: OpenedCredential,
  { strategy }: RotationTarget,
  version: string,
): Promise<void> {
  const { type, target, store, secret } = own;
  const isThere = (await store.read(secret, version)) !== undefined;
  if (strategy === 'single' || !isThere) return;
  const dropped = await own.read(version);
  if ((await type.holds(await own.proving(), dropped)) !== 'this') return;
  await type.retire(target, dropped);
  await type.remove?.(target, dropped.login);
}

/** The store has the only copy: what a failed way back left in force somewhere must not be lost. */
async function requireUnused(own: OpenedCredential, version: string): Promise<void> {
  const { opened, type, store, secret, credential } = own;
  if ((await store.read(secret, version)) === undefined) return;
  const delivered = Object.entries(await deliveredVersion(opened.platform, secret));
  const readers = delivered.flatMap(([name, held]) => (held === version ? [name] : []));
  if (readers.length > 0)
    throw stillUsed(secret, version, `the files of ${readers.join(', ')} have it`);
  // A damaged copy is worth nothing, and nobody could be asked about it.
  const isWhole = await store.requireWhole(secret, version).then(
    () => true,
    () => false,
  );
  if (isWhole && (await type.holds(await own.proving(), await own.read(version))) === 'this')
    throw stillUsed(secret, version, `${credential.service} accepts it`);
}

const stillUsed = (secret: string, version: string, why: string) =>
  refuse(
    'RB_SECRET_IN_FORCE',
    `${secret}@${version} cannot be taken back`,
    why,
    `see why the way back failed; \`runbook start rotate-secrets --set secrets=${secret}\` goes on with this version`,
  );

/** The version that this rotation moves to: pending, or in force already. */
function onItsWay(
  { current, pending }: { readonly current?: string; readonly pending?: string },
  from: string,
): string | undefined {
  if (pending !== undefined) return pending;
  return current === from ? undefined : current;
}

export const isInForce = async ({ store, secret }: OpenedCredential, version: string) =>
  (await store.labels(secret)).current === version;

/** From the retirement of the version before there is no way back to it. */
export async function isPastReturn(own: OpenedCredential, { target, version }: Rotation) {
  const retired = await noted(own, target.from, 'retired');
  return retired?.facts?.by === version || (await isInForce(own, version));
}

const nextVersion = (version: string) => `v${Number(version.slice(1)) + 1}`;
