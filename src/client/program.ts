import { Command, CommanderError, Option } from '@commander-js/extra-typings';
import { exitCodeMeanings, exitCodes } from '../shared/exit-codes.ts';
import { type CommandEntry, commandTable } from './command-table.ts';
import { CommandError, completeFacts, contextOf, errorJson, exitCodeOf } from './errors.ts';
import { openSession, type ProcessLike } from './open-session.ts';
import { errorLines } from './render/error.ts';
import type { ExitCode, Host, Session } from './session.ts';

const help = {
  example: `
Example:
  runbook up --detach
  runbook start deploy --platform lab
  runbook watch
`,
  exitCodes: `
Exit codes:
${Object.entries(exitCodes)
  .map(
    ([name, code]) =>
      `  ${`${code}`.padStart(3)}  ${exitCodeMeanings[name as keyof typeof exitCodes]}`,
  )
  .join('\n')}

Environment:
  RUNBOOK_STATE_DIR  where runs and logs are kept
  TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_PROFILE and the other variables
  and the configuration file of the temporal command
  NO_COLOR, FORCE_COLOR, TERM, CI
`,
};

function globalOptions() {
  return new Command('runbook')
    .description('Operations that finish: runbooks as durable runs.')
    .addOption(
      new Option('-o, --output <format>', 'how the answer is printed')
        .choices(['text', 'json', 'jsonl'] as const)
        .default('text' as const),
    )
    .addOption(
      new Option('--color <when>', 'colour')
        .choices(['auto', 'always', 'never'] as const)
        .default('auto' as const),
    )
    .option('--no-input', 'never ask; refuse where an answer would be needed')
    .option('-q, --quiet', 'no progress, only the answer and errors')
    .option('-v, --verbose', 'more detail with errors')
    .option('--address <host:port>', 'the Temporal server')
    .option('--namespace <name>', 'the Temporal namespace');
}

export type GlobalOptions = ReturnType<ReturnType<typeof globalOptions>['opts']>;

/** Runs one command line and returns its exit code. */
export async function runProgram(args: readonly string[], proc: ProcessLike): Promise<ExitCode> {
  const program = globalOptions()
    .addHelpText('after', help.example + help.exitCodes)
    .helpCommand(false)
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => proc.stdout.write(text),
      writeErr: (text) => proc.stderr.write(text),
      // Told once, in the shape of every error, by `tellError`.
      outputError: () => {},
      getOutHelpWidth: () => proc.stdout.columns ?? 80,
      getErrHelpWidth: () => proc.stderr.columns ?? 80,
    });
  let session: Session | undefined;
  let exitCode: ExitCode = exitCodes.done;
  const host: Host = {
    async perform(work, options) {
      await using opened = openSession(proc, program.opts());
      session = opened;
      exitCode = await work(options, opened);
    },
  };
  try {
    for (const entry of commandTable) await addCommand(program, entry, args, host);
    if (args.length === 0) {
      program.outputHelp({ error: true });
      return exitCodes.usage;
    }
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (isHelp(error)) return exitCodes.done;
    const options = program.opts();
    return tellError(usageError(error, args), session ?? openSession(proc, options));
  }
}

/** The others stand in the help with their summary only. */
async function addCommand(
  program: ReturnType<typeof globalOptions>,
  { name, group, summary, load }: CommandEntry,
  args: readonly string[],
  host: Host,
): Promise<void> {
  const command = args.includes(name) ? (await load())(host) : new Command(name);
  program.addCommand(command.summary(summary).helpGroup(group).copyInheritedSettings(program));
}

function isHelp(error: unknown): boolean {
  return error instanceof CommanderError && error.exitCode === 0;
}

function usageError(error: unknown, args: readonly string[]): unknown {
  if (!(error instanceof CommanderError)) return error;
  const [what = '', ...hints] = error.message.replace(/^error: /, '').split('\n');
  const command = commandTable.find(({ name }) => args.includes(name));
  return new CommandError('RB_USAGE', what, {
    why: hints.join(' ').replace(/^\((.*)\)$/, '$1') || 'nothing was started',
    fix: command === undefined ? 'runbook --help' : `runbook ${command.name} --help`,
  });
}

/** The one place where an error becomes text and an exit code. */
function tellError(error: unknown, { settings, terminal }: Session): ExitCode {
  const { stream, style, width } = terminal.stderr;
  const facts = completeFacts(error);
  const context = contextOf(error);
  if (settings.output !== 'text') stream.write(`${JSON.stringify(errorJson(facts, context))}\n`);
  else stream.write(`${errorLines(facts, context, width(), style).join('\n')}\n`);
  const isUnforeseen = facts.code === 'RB_UNEXPECTED';
  if (error instanceof Error && (settings.verbose || isUnforeseen)) {
    stream.write(`${(error.stack ?? '').split('\n').slice(1).join('\n')}\n`);
  }
  return exitCodeOf(error);
}
