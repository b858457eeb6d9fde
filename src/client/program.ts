import {
  Command,
  CommanderError,
  type CommandUnknownOpts,
  Option,
} from '@commander-js/extra-typings';
import { colourModes, outputFormats, progressModes } from '../shared/display-modes.ts';
import { exitCodeMeanings, exitCodes } from '../shared/exit-codes.ts';
import { type CommandEntry, commandTable } from './command-table.ts';
import type { Configuration } from './config/configuration.ts';
import type { ProcessLike } from './open-session.ts';
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
  RUNBOOK_CONFIG, RUNBOOK_OUTPUT, RUNBOOK_PROGRESS, RUNBOOK_PLATFORM and others: what
  flags and configuration files say, see runbook config
  TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_PROFILE and the others that the
  temporal command reads, with its configuration file: where the server is
  NO_COLOR, FORCE_COLOR, TERM, CI: what is drawn
`,
};

function globalOptions() {
  return new Command('runbook')
    .description('Operations that finish: runbooks as durable runs.')
    .addOption(
      new Option('-o, --output <format>', 'how the answer is printed')
        .choices(outputFormats)
        .default('text' as const),
    )
    .addOption(
      new Option('--color <when>', 'when to print in colour')
        .choices(colourModes)
        .default('auto' as const),
    )
    .option('--no-color', 'as --color never')
    .addOption(
      new Option('--progress <how>', 'how a run is shown while it goes on')
        .choices(progressModes)
        .default('auto' as const),
    )
    .option('--no-input', 'never ask; refuse where an answer would be needed')
    .option(
      '-q, --quiet',
      'no progress: only the answer, warnings and errors; of a run, its id and what became of it',
    )
    .option('-v, --verbose', 'more detail with errors')
    .option(
      '--address <host:port>',
      'the Temporal server (default: TEMPORAL_ADDRESS, else what up started)',
    )
    .option(
      '--namespace <name>',
      'the Temporal namespace (default: TEMPORAL_NAMESPACE, else as up started)',
    )
    .option('--profile <name>', 'the profile of the temporal command (default: TEMPORAL_PROFILE)')
    .option('--config <file>', 'the configuration (default: the nearest runbook.yaml above)');
}

/** The hidden word that the scripts of `completion` call. */
export const completeWord = '__complete';

/** Runs one command line and returns its exit code. */
export async function runProgram(args: readonly string[], proc: ProcessLike): Promise<ExitCode> {
  const program = globalOptions()
    .addHelpText('after', help.example + help.exitCodes)
    .helpCommand(false)
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => proc.stdout.write(text),
      // Told once, in the shape of every error, by `tellError`: only who gives no argument at all gets the help.
      writeErr: (text) => {
        if (args.length === 0) proc.stderr.write(text);
      },
      outputError: () => {},
      getOutHelpWidth: () => proc.stdout.columns ?? 80,
      getErrHelpWidth: () => proc.stderr.columns ?? 80,
    });
  if (args[0] === completeWord) {
    const { complete } = await import('./complete/complete.ts');
    await complete(program, args.slice(1), proc);
    return exitCodes.done;
  }
  let session: Session | undefined;
  let exitCode: ExitCode = exitCodes.done;
  const open = async (configuration?: Configuration) => {
    // Not needed for help, which most people wait for.
    const { openSession } = await import('./open-session.ts');
    const { configure } = await import('./config/configuration.ts');
    const options = program.opts();
    const found = configuration ?? (await configure(options, proc.env, proc.cwd()));
    return openSession(proc, options, givenOptions(program), found);
  };
  const host: Host = {
    async perform(work, options) {
      await using opened = await open();
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
    const { tellError } = await import('./tell-error.ts');
    const { unconfigured } = await import('./config/configuration.ts');
    // What is wrong may be the configuration itself.
    session ??= await open().catch(() => open(unconfigured(proc.env)));
    return tellError(await explained(error, args, program, session), session);
  }
}

/** What the parser refuses, in the shape of every error, with what could have been meant. */
async function explained(
  error: unknown,
  args: readonly string[],
  program: CommandUnknownOpts,
  session: Session,
): Promise<unknown> {
  if (!(error instanceof CommanderError)) return error;
  const { meantBy } = await import('./usage/meant.ts');
  const { usageError } = await import('./usage/usage-error.ts');
  const { withCandidates } = await import('./usage/candidates.ts');
  const meant = meantBy(args, program);
  return withCandidates(usageError(error, meant), error, meant, session);
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
  for (const below of command.commands) below.copyInheritedSettings(program);
}

/** Whether somebody chose a value, or it is only the default. */
function givenOptions(program: ReturnType<typeof globalOptions>): ReadonlySet<string> {
  const names = program.options.map((option) => option.attributeName());
  return new Set(names.filter((name) => program.getOptionValueSource(name as 'output') === 'cli'));
}

function isHelp(error: unknown): boolean {
  return error instanceof CommanderError && error.exitCode === 0;
}
