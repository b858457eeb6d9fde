import { RunbookError } from '../../shared/errors.ts';
import type { StepContext } from '../../shared/step-context.ts';
import type { PlatformDependencies } from '../opened-platform.ts';
import { awaitAnswer } from '../poll.ts';
import type { LoginVerdict } from '../services/credentials.ts';
import { note } from './journal.ts';
import { type OpenedCredential, openCredential } from './open-credential.ts';
import type { Rotation } from './target.ts';

/** A service may take a moment until every part of it knows a new value. */
const proofMs = 10_000;

export interface Proof {
  readonly words: string;
}

export const createProveActivities = (deps: PlatformDependencies) => ({
  /** Logs in and leaves no trace, so a retry is always safe. */
  async proveSecret(_ctx: StepContext, { target, version }: Rotation): Promise<Proof> {
    const own = await openCredential(deps, target.name);
    const words = await requireAccepted(own, version);
    await note(own, version, 'proved', { by: words });
    return { words };
  },

  /** One login that is refused, so a retry is safe. */
  async proveRefused(_ctx: StepContext, { target, version }: Rotation): Promise<Proof> {
    return { words: await requireRefused(await openCredential(deps, target.name), version) };
  },
});

/** Notes and returns the service's own word for it. */
export async function requireRefused(own: OpenedCredential, version: string): Promise<string> {
  const verdict = await own.type.prove(await own.proving(), await own.read(version));
  if (verdict.accepted) throw stillAccepted(own, version);
  await note(own, version, 'refused', { refusal: verdict.refusal });
  return verdict.refusal;
}

/** `failoverMs`: how long a service may be without an answer, because another part of it is to take over. */
export async function requireAccepted(
  own: OpenedCredential,
  version: string,
  failoverMs = 0,
): Promise<string> {
  const secret = await own.read(version);
  const untilMs = Date.now() + failoverMs;
  let last: LoginVerdict | undefined;
  const refusal = () => (last?.accepted === false ? `${last.refusal}: ${last.words}` : 'no answer');
  const accepted = await awaitAnswer(own.opened.attempt, {
    timeoutMs: Math.max(proofMs, failoverMs),
    words: () => `${own.credential.service} to accept a login: ${refusal()}`,
    check: async () => {
      try {
        last = await own.type.prove(await own.proving(), secret);
      } catch (error) {
        const isFinal = error instanceof RunbookError && error.retry === 'never';
        if (isFinal || Date.now() >= untilMs) throw error;
        return undefined;
      }
      return last.accepted ? last : undefined;
    },
  });
  if (accepted) return accepted.words;
  throw new RunbookError(
    'RB_SECRET_REFUSED',
    `${own.credential.service} does not accept ${own.secret}@${version}`,
    {
      why: refusal(),
      fix: 'see what the service says; retry when it accepts logins again, or undo: it goes back to the old value',
    },
  );
}

const stillAccepted = ({ credential, secret }: OpenedCredential, version: string) =>
  new RunbookError(
    'RB_OLD_SECRET_ACCEPTED',
    `${credential.service} still accepts ${secret}@${version}`,
    {
      why: 'a login with the value before this rotation has succeeded',
      fix: 'look who has set it again, then retry',
    },
  );
