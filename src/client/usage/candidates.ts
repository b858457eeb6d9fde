import { basename } from 'node:path';
import type { CommanderError, CommandUnknownOpts } from '@commander-js/extra-typings';
import { nearest } from '../../shared/nearest.ts';
import { CommandError } from '../errors.ts';
import { definitionFiles } from '../local/paths.ts';
import { runLines } from '../render/run-line.ts';
import { shellWord } from '../render/text.ts';
import type { RunRow } from '../runs/api.ts';
import { listSoon } from '../runs/list-soon.ts';
import type { Session } from '../session.ts';
import { type Meant, missingArgument, nameOf } from './meant.ts';
import { runsTaken } from './runs-taken.ts';

/** Long enough for a server that is well, and short enough for somebody who only mistyped. */
const patienceMs = 1_000;
const mostAsked = 200;

/** A usage error with what could stand in the place of the argument that is missing, or of the word that is no command. */
export async function withCandidates(
  error: CommandError,
  refused: CommanderError,
  meant: Meant,
  session: Pick<Session, 'connect'>,
): Promise<CommandError> {
  if (meant.above.length === 0) return (await startOfRunbook(meant.command)) ?? error;
  switch (missingArgument(meant, refused)?.name()) {
    case 'runbook':
      return namedRunbooks(error, await runbooks());
    case 'run':
      return namedRuns(error, meant, session);
    default:
      return error;
  }
}

const runbooks = async () => (await definitionFiles()).map((file) => basename(file, '.yaml'));

/** A runbook is no command, but likely what is meant where no command is as near. */
async function startOfRunbook(program: CommandUnknownOpts): Promise<CommandError | undefined> {
  const [word = ''] = program.args;
  const commands = program.commands.map((command) => command.name());
  if (nearest(word, commands) !== undefined) return undefined;
  const runbook = nearest(word, await runbooks());
  if (runbook === undefined) return undefined;
  return new CommandError('RB_USAGE', `runbook has no command ${word}`, {
    why: `${runbook} is a runbook: it is started`,
    fix: `runbook start ${runbook}; runbook show ${runbook} says what it does`,
  });
}

function namedRunbooks({ code, message, why }: CommandError, names: readonly string[]) {
  return new CommandError(code, message, {
    why: `${why ?? ''}\nthe runbooks: ${names.join(', ') || 'none'}`,
    fix: 'name one of them; runbook list says what each does',
  });
}

async function namedRuns(
  error: CommandError,
  meant: Meant,
  { connect }: Pick<Session, 'connect'>,
): Promise<CommandError> {
  const taking = runsTaken[meant.command.name()];
  if (taking === undefined) return error;
  // Loading is not the server's time.
  await import('../runs/temporal.ts');
  const known = await listSoon(connect, { ...taking.filter, limit: mostAsked }, patienceMs);
  if (known === undefined) return error;
  const rows = known.filter(taking.takes);
  const { code, message, why = '', fix = '' } = error;
  const [first] = rows;
  return new CommandError(code, message, {
    why: [why, ...candidateLines(rows, taking.word)].join('\n'),
    fix: first === undefined ? fix : `${nameOf(meant)} ${shellWord(first.run)}${taking.rest}`,
  });
}

const candidateLines = (rows: readonly RunRow[], word: string): readonly string[] =>
  rows.length === 0
    ? [`no run is ${word} now`]
    : ['it could take now:', ...runLines(rows, ': runbook history')];
