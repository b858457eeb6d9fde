import { Command } from '@commander-js/extra-typings';
import { errorFacts } from '../../shared/errors.ts';
import { exitCodes } from '../../shared/exit-codes.ts';
import type { LockBook, LockHolder, LockOwner } from '../../shared/lock.ts';
import { CommandError } from '../errors.ts';
import { operator } from '../local/operator.ts';
import { examples, whyOption } from '../options.ts';
import { shellWord } from '../render/text.ts';
import type { Runs } from '../runs/api.ts';
import { answerJson, type ExitCode, type Host, note, respond, type Session } from '../session.ts';

export interface ReleaseLockOptions {
  readonly key: string;
  readonly run?: string | undefined;
  readonly confirm?: string | undefined;
  readonly why: string;
  readonly by?: string | undefined;
  /** Also from a run that a worker carries on. */
  readonly force: boolean;
}

export function locksCommand(host: Host, work = { list: locks, release: releaseLock }) {
  const command = new Command('locks')
    .description('Show who holds a lock and who waits for it, in the order in which they came.')
    .addHelpText('after', examples('runbook locks', 'runbook locks -o json'))
    .action(() => host.perform(work.list, {}));
  command
    .command('release')
    .description(
      'Break glass: take a lock from a run that will not give it back. Refused while the run can ' +
        'go on: stop it first, with runbook stop RUN. With --force a run that still works is not ' +
        'stopped, but what it wants to change after the next run got the lock is refused.',
    )
    .argument('<key>', 'the lock, as runbook locks prints it')
    .option('--run <run>', 'the run (needed when several hold the lock, or for one that waits)')
    .option('--confirm <key>', 'the lock again, to say that you mean it')
    .addOption(whyOption())
    .option('--by <name>', 'who takes it (default: you)')
    .option('--force', 'also from a run that is open and that a worker carries on')
    .addHelpText('after', examples('runbook locks release lab --confirm lab --why "host is gone"'))
    .action((key, { force, ...options }) =>
      host.perform(work.release, { key, ...options, force: force ?? false }),
    );
  return command;
}

export async function locks(_: object, session: Session): Promise<ExitCode> {
  const { lockTable } = await import('../render/lock-table.ts');
  const runs = await session.connect();
  const books = await runs.locks();
  const busy = books.filter(({ holders, queue }) => holders.length + queue.length > 0);
  const now = session.clock.now();
  respond(session, busy, (width, style) =>
    busy.length === 0 ? [] : lockTable(busy, now, width, style),
  );
  if (busy.length === 0) note(session, ['no lock is held']);
  return exitCodes.done;
}

export async function releaseLock(
  options: ReleaseLockOptions,
  session: Session,
): Promise<ExitCode> {
  const { key, confirm, why, by = operator(), force } = options;
  if (confirm !== key) throw confirmationNeeded(key);
  const runs = await session.connect();
  const book = (await runs.locks()).find((candidate) => candidate.key === key);
  const { workflowId, execution } = chooseParty(key, book, options.run);
  if (!force) await refuseInUse(key, workflowId, runs);
  await runs.breakLock(key, { workflowId, execution, by, why });
  if (session.settings.output !== 'text') answerJson(session, { key, run: workflowId, by, why });
  note(session, [`${key} was taken from ${workflowId}`, `runbook status ${shellWord(workflowId)}`]);
  return exitCodes.done;
}

/** That a worker polls is known here: no other could have answered for the locks. */
async function refuseInUse(key: string, run: string, runs: Runs): Promise<void> {
  const row = await runs.find(run).catch((error: unknown) => {
    // The server has forgotten it: it is not open.
    if (errorFacts(error).code === 'RB_RUN_UNKNOWN') return undefined;
    throw error;
  });
  if (row === undefined || !row.open || row.trouble !== undefined) return;
  const doing = row.step === '' ? row.state : `${row.state}, at step ${row.step}`;
  throw new CommandError('RB_LOCK_IN_USE', `the lock ${key} is in use: ${run} is open (${doing})`, {
    why: 'a worker carries this run on; without its lock the host refuses what it still has to change',
    fix:
      `stop it first, which gives the lock back: runbook stop ${shellWord(run)} --why TEXT; ` +
      'only when it will never hear that, give --force as well',
    context: { run, changed: false },
  });
}

function chooseParty(key: string, book: LockBook | undefined, run: string | undefined): LockOwner {
  const holders = book?.holders ?? [];
  const parties: readonly LockOwner[] = [...holders, ...(book?.queue ?? [])];
  const [only, another] = holders;
  const party =
    run === undefined
      ? onlyOne(only, another)
      : parties.find(({ workflowId }) => workflowId === run);
  if (party !== undefined) return party;
  const held = holders.map(({ workflowId }) => workflowId).join(', ') || 'nobody';
  throw new CommandError('RB_LOCK_RELEASE_REFUSED', `the lock ${key} was not released`, {
    why: `it is held by ${held}`,
    fix:
      another === undefined
        ? 'see who holds which lock with runbook locks'
        : 'say which run is meant with --run',
    context: { changed: false },
  });
}

const onlyOne = (only: LockHolder | undefined, another: LockHolder | undefined) =>
  another === undefined ? only : undefined;

function confirmationNeeded(key: string): CommandError {
  return new CommandError('RB_CONFIRMATION_NEEDED', 'taking a lock away needs a confirmation', {
    why: 'the run that holds it may be in the middle of a change',
    fix: `look at it first with runbook locks; then give --confirm ${shellWord(key)}`,
    context: { changed: false },
  });
}
