import type { DefinitionFile } from '../../shared/definition-file.ts';
import type { StartOptions } from '../commands/start.ts';
import { CommandError } from '../errors.ts';
import type { Session } from '../session.ts';

/**
 * How a start gets its approval: it needs none, it has been given with the command, it is given
 * for the plan that is shown, or the plan is only bound to it.
 */
export type Approval = 'not-needed' | 'given' | 'ask' | 'bind-plan';

export function approvalFor(
  { risk, name }: DefinitionFile,
  {
    yes,
    confirm,
    platform,
    planFile,
  }: Pick<StartOptions, 'yes' | 'confirm' | 'platform' | 'planFile'>,
  { terminal }: Pick<Session, 'terminal'>,
): Approval {
  if (risk === 'read') return 'not-needed';
  if (risk === 'reversible') {
    // Whoever hands over a plan has read it: the run is bound to it.
    if (yes || confirm !== undefined || planFile !== undefined) return 'given';
    if (terminal.canAsk) return 'ask';
    throw confirmationNeeded(`${name} changes the platform`, 'give --yes to start without asking');
  }
  if (confirm === undefined) {
    if (terminal.canAsk) return 'ask';
    const target = platform ?? 'PLATFORM';
    const why = `${name} does what cannot be undone${yes ? '; --yes alone does not allow that' : ''}`;
    throw confirmationNeeded(why, `give --confirm ${target}, the name of the platform`);
  }
  if (platform !== undefined && platform !== confirm) {
    throw new CommandError('RB_NOT_CONFIRMED', `--confirm ${confirm} is not the platform`, {
      why: `the run is for ${platform}`,
      fix: `give --confirm ${platform} when that is what you want`,
      context: { changed: false },
    });
  }
  return 'bind-plan';
}

function confirmationNeeded(why: string, fix: string): CommandError {
  return new CommandError('RB_CONFIRMATION_NEEDED', 'this start needs a confirmation', {
    why: `${why}, and there is nobody to ask here`,
    fix,
    context: { changed: false },
  });
}

export function notConfirmed(): CommandError {
  return new CommandError('RB_NOT_CONFIRMED', 'not confirmed: nothing was started', {
    why: 'the question was not answered with yes',
    fix: 'start it again when it may run',
    context: { changed: false },
  });
}
