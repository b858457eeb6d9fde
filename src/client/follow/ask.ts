import { confirm, isCancel, text } from '@clack/prompts';
import type { Risk } from '../../shared/run-state.ts';
import type { Session } from '../session.ts';

/** A question on stderr; no is the default. */
export async function askYesNo(message: string, { terminal }: Session): Promise<boolean> {
  const output = terminal.stderr.stream as NodeJS.WriteStream;
  const agreed = await confirm({ message, initialValue: false, output });
  return !isCancel(agreed) && agreed;
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
    const output = session.terminal.stderr.stream as NodeJS.WriteStream;
    const typed = await text({
      message: `${runbook} on ${platform} cannot be undone. Type the platform's name to start it`,
      output,
    });
    return !isCancel(typed) && typed === platform;
  }
  return askYesNo(`Start ${runbook} on ${platform}?`, session);
}
