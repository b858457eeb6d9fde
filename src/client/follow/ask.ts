import { setTimeout as delay } from 'node:timers/promises';
import { isCancel, text } from '@clack/prompts';
import type { Risk } from '../../shared/run-state.ts';
import type { Session } from '../session.ts';

/** How long the terminal is given to hand over what was typed before the question stood there. */
const typedAheadMs = 150;

/** A question on stderr, answered by a word and Enter; whatever is not yes is no. */
export async function askYesNo(message: string, { terminal }: Session): Promise<boolean> {
  const output = terminal.stderr.stream as NodeJS.WriteStream;
  await dropTypedAhead(process.stdin);
  const typed = await text({ message: `${message} (yes or no)`, placeholder: 'no', output });
  return !isCancel(typed) && ['yes', 'y'].includes((typed ?? '').trim().toLowerCase());
}

/** An answer to a question that nobody has seen yet is none: it was meant for something else. */
async function dropTypedAhead(stdin: NodeJS.ReadStream): Promise<void> {
  if (!stdin.isTTY) return;
  stdin.setRawMode(true);
  stdin.resume();
  await delay(typedAheadMs);
  stdin.pause();
  stdin.setRawMode(false);
}

/** For what cannot be undone: yes is typed too easily. */
export async function askPlatform(
  message: string,
  platform: string,
  { terminal }: Session,
): Promise<boolean> {
  const output = terminal.stderr.stream as NodeJS.WriteStream;
  await dropTypedAhead(process.stdin);
  const typed = await text({ message, output });
  return !isCancel(typed) && typed === platform;
}

interface Question {
  readonly risk: Risk;
  readonly runbook: string;
  readonly platform: string;
}

/** Asks for approval on stderr, so that stdout holds the answer only; no is the default. */
export async function askApproval(
  { risk, runbook, platform }: Question,
  session: Session,
): Promise<boolean> {
  if (risk === 'irreversible') {
    const message = `${runbook} on ${platform} cannot be undone. Type the platform's name to start it`;
    return askPlatform(message, platform, session);
  }
  return askYesNo(`Start ${runbook} on ${platform}?`, session);
}
