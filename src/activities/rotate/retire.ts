import { count } from '../../report/text.ts';
import { RunbookError } from '../../shared/errors.ts';
import { nameList } from '../../shared/name-list.ts';
import { notMinted } from '../../shared/not-minted.ts';
import type { ProbeVerdict } from '../../shared/run-state.ts';
import type { StepContext } from '../../shared/step-context.ts';
import type { PlatformDependencies } from '../opened-platform.ts';
import { awaitAnswer } from '../poll.ts';
import type { OpenSession } from '../services/credentials.ts';
import { requireDelivered } from './consumers.ts';
import { setAt } from './delivery-time.ts';
import { note, noted } from './journal.ts';
import { isInForce } from './mint.ts';
import { type OpenedCredential, openCredential } from './open-credential.ts';
import { requireAccepted, requireRefused } from './prove.ts';
import type { Rotation } from './target.ts';

/** With the three tries of the step as long as Patroni's time to live and an election take. */
const failoverMs = 15_000;

export interface Retired {
  readonly summary: string;
}

export const createRetireActivities = (deps: PlatformDependencies) => ({
  /** Reads only, so a retry is always safe. */
  async retireVerdict(
    _ctx: StepContext,
    { target, version }: Rotation,
  ): Promise<ProbeVerdict<Retired>> {
    const change = `refuse ${target.from} of ${target.login}; from here on there is no way back`;
    if (version === notMinted) return { state: 'absent', now: target.now, change };
    const own = await openCredential(deps, target.name);
    if (await isInForce(own, version)) return { state: 'in-place', now: `${version} is in force` };
    const survivors = await survivorsOf(own, target.login, version);
    const now =
      survivors === undefined ? target.now : `${survivors.length} sessions of ${target.from}`;
    return { state: 'absent', now, change };
  },

  /** Refusing what is refused and ending what has ended change nothing, so a retry is safe. */
  async retireSecret(_ctx: StepContext, { target, version }: Rotation): Promise<Retired> {
    const own = await openCredential(deps, target.name);
    const { type, opened } = own;
    await requireTaken(own, { target, version });
    // First: an undo must not bring back what may be refused already.
    await note(own, target.from, 'retired', { by: version });
    if (target.strategy !== 'single') {
      await type.retire(own.target, await own.read(target.from));
    }
    const left = await endSurvivors(own, { target, version });
    const from = nameList(left.map((session) => session.from));
    await note(own, target.from, 'ended', {
      ...{ by: version, sessionsLeft: left.length },
      ...(from === '' ? {} : { from }),
    });
    opened.attempt.log(`${left.length} sessions of ${target.from} left`);
    if (target.survivors === 'terminate' && left.length > 0) {
      // Here, for a skip would leave out the proof that follows the step.
      await requireRefused(own, target.from);
      throw sessionsLeft(`${count(left.length, 'session')} of ${target.name}@${target.from}`, from);
    }
    const words =
      left.length === 0 ? 'no session of it is left' : `${left.length} of its sessions are left`;
    return { summary: `${target.from} is refused; ${words}` };
  },

  /** Labels name versions, and naming one twice changes nothing, so a retry is safe. */
  async finishSecret(_ctx: StepContext, { target, version }: Rotation): Promise<void> {
    const own = await openCredential(deps, target.name);
    if (target.strategy !== 'single') await own.type.remove?.(own.target, target.login);
    await own.opened.attempt.checkFence();
    await own.store.promote(target.name, version);
    await note(own, version, 'promoted');
    await own.store.forget(target.name);
  },

  /** Reads only, so a retry is always safe. */
  async finishVerdict(_ctx: StepContext, { target, version }: Rotation): Promise<ProbeVerdict> {
    const change = `${version || 'the new one'} is in force`;
    const absent = { state: 'absent', now: `${target.from} is in force`, change } as const;
    if (version === notMinted) return absent;
    const own = await openCredential(deps, target.name);
    return (await isFinished(own, version))
      ? { state: 'in-place', now: `${version} is in force` }
      : absent;
  },
});

/** Much may have happened since the proofs: a hold, a failover, a decision to skip them. After this there is no undo. */
async function requireTaken(own: OpenedCredential, { target, version }: Rotation): Promise<void> {
  const retired = await noted(own, target.from, 'retired');
  if (retired?.facts?.by === version) return;
  await own.opened.attempt.checkFence();
  await requireDelivered(own, version);
  await requireAccepted(own, version, failoverMs);
}

/** Not only the label: a worker may have died before it removed the values that nobody needs any more. */
async function isFinished(own: OpenedCredential, version: string): Promise<boolean> {
  if (!(await isInForce(own, version))) return false;
  const isNoted = (await noted(own, version, 'promoted')) !== undefined;
  return (
    isNoted && (await own.store.versions(own.secret)).every(({ label }) => label !== undefined)
  );
}

/**
 * Sessions of the old value; undefined where the kind cannot tell. Where the new one has a login of its own they are
 * all of the old login, else those from before the new value was set.
 */
async function survivorsOf(
  own: OpenedCredential,
  login: string,
  version: string,
): Promise<readonly OpenSession[] | undefined> {
  if ((await own.read(version)).login !== login) return own.type.sessions?.(own.target, login);
  return own.type.sessions?.(own.target, login, await setAt(own, version));
}

/** What is left of them then. The old value opens no new ones, so none is none for good. */
async function endSurvivors(
  own: OpenedCredential,
  { target, version }: Rotation,
): Promise<readonly OpenSession[]> {
  const { type, opened } = own;
  const survivors = async () => (await survivorsOf(own, target.login, version)) ?? [];
  let open = await survivors();
  if (open.length === 0 || target.survivors === 'leave') return open;
  if (target.survivors === 'drain') {
    await awaitAnswer(opened.attempt, {
      timeoutMs: target.drainMs,
      words: () => `${count(open.length, 'session')} of the old value to end`,
      check: async () => {
        open = await survivors();
        return open.length === 0 ? true : undefined;
      },
    });
    if (open.length === 0) return open;
  }
  await type.endSessions?.(own.target, open);
  return survivors();
}

const sessionsLeft = (which: string, from: string) =>
  new RunbookError('RB_SESSIONS_LEFT', `${which} did not end`, {
    why: `still open: ${from}`,
    fix: 'end them where they come from or in the service, then retry; a skip leaves them open. The old value opens no new ones, and an undo does not bring it back',
  });
