import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { collect, examples } from '../options.ts';
import {
  answer,
  answerJson,
  type ExitCode,
  type Host,
  note,
  type Session,
  warn,
} from '../session.ts';

export interface InitOptions {
  readonly folder?: string | undefined;
  readonly project?: string | undefined;
  readonly composeFiles: readonly string[];
  readonly check: boolean;
  readonly force: boolean;
  readonly dryRun: boolean;
}

export function initCommand(host: Host, work = init) {
  return new Command('init')
    .description(
      'Write a platform file for a compose project that is there: from its containers, running or ' +
        'not, and its compose files. Every guess says why it was made; what could not be told is ' +
        'marked TODO. Values of variables are not shown. The file stands in the project’s folder.',
    )
    .argument('[folder]', 'the folder of the project (default: the one you stand in)')
    .option('--project <name>', 'the compose project, when there are several')
    .option(
      '--compose-file <file>',
      'a compose file; repeatable (default: as Compose finds them)',
      collect,
    )
    .option('--no-check', 'do not ask running services whether the guesses are right')
    .option('--force', 'replace a platform file; the old one is kept beside it')
    .option('--dry-run', 'print the file, write nothing')
    .addHelpText(
      'after',
      examples(
        'runbook init compose/lab --dry-run',
        'runbook init compose/lab --no-check --dry-run -o json',
      ),
    )
    .action((folder, { project, composeFile, check, force, dryRun }) =>
      host.perform(work, {
        ...{ folder, project, check },
        composeFiles: composeFile ?? [],
        force: force ?? false,
        dryRun: dryRun ?? false,
      }),
    );
}

export async function init(options: InitOptions, session: Session): Promise<ExitCode> {
  const { makePlatform } = await import('../init/make-platform.ts');
  const { makeSecretsFolder, platformFileIn, requireWritable, writePlatformFile } = await import(
    '../init/write.ts'
  );
  const { initFacts, initLines, initWarnings } = await import('../render/init.ts');
  const { dryRun, force } = options;
  const made = await makePlatform(
    {
      ...options,
      ask: options.check,
      beforeDiscovery: async ({ directory }) => {
        if (!dryRun) await requireWritable(platformFileIn(directory), directory, force);
      },
    },
    session,
  );
  const { backup } = dryRun ? {} : await writePlatformFile(made.file, made.text, { force });
  if (!dryRun) await makeSecretsFolder(made.target.directory);
  const { style, width } = session.terminal.stderr;
  note(session, initLines(made, { dryRun }, width(), style));
  warn(session, initWarnings(made, width(), style));
  if (backup !== undefined) note(session, [`the old file is ${backup}`]);
  if (session.settings.output !== 'text') answerJson(session, initFacts(made, { dryRun, backup }));
  else if (dryRun) session.terminal.stdout.stream.write(made.text);
  else answer(session, [made.file]);
  return exitCodes.done;
}
