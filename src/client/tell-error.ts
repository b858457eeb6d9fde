import { CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { CommandError, completeFacts, contextOf, errorJson, exitCodeOf } from './errors.ts';
import { factLines } from './render/error.ts';
import type { ExitCode, Session } from './session.ts';

/** What the parser refuses, in the shape of every error; its help is that of the innermost command that was meant. */
export function usageError(
  error: unknown,
  args: readonly string[],
  program: CommandUnknownOpts,
): unknown {
  if (!(error instanceof CommanderError)) return error;
  const [what = '', ...hints] = error.message.replace(/^error: /, '').split('\n');
  return new CommandError('RB_USAGE', what, {
    why:
      hints.join(' ').replace(/^\((.*)\)$/, '$1') ||
      'the command line is not as its help says; nothing was done',
    fix: ['runbook', ...pathOf(args, program), '--help'].join(' '),
  });
}

function pathOf(args: readonly string[], program: CommandUnknownOpts): readonly string[] {
  const path: string[] = [];
  let command = program;
  for (const arg of args) {
    const next = command.commands.find((candidate) => candidate.name() === arg);
    if (next === undefined) continue;
    path.push(arg);
    command = next;
  }
  return path;
}

/** The one place where an error becomes text and an exit code. */
export function tellError(error: unknown, { settings, terminal }: Session): ExitCode {
  const { stream, style, width } = terminal.stderr;
  const facts = completeFacts(error);
  const context = contextOf(error);
  if (settings.output !== 'text') stream.write(`${JSON.stringify(errorJson(facts, context))}\n`);
  else stream.write(`${factLines('error', facts, context, width(), style).join('\n')}\n`);
  const isUnforeseen = facts.code === 'RB_UNEXPECTED';
  if (error instanceof Error && (settings.verbose || isUnforeseen)) {
    stream.write(`${(error.stack ?? '').split('\n').slice(1).join('\n')}\n`);
  }
  return exitCodeOf(error);
}
