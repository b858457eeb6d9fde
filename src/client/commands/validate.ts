import { Command } from '@commander-js/extra-typings';
import type { ErrorFacts } from '../../shared/errors.ts';
import { exitCodes } from '../../shared/exit-codes.ts';
import { answer, answerList, type ExitCode, type Host, note, type Session } from '../session.ts';

export interface ValidateOptions {
  readonly files: readonly string[];
}

export function validateCommand(host: Host, work = validate) {
  return new Command('validate')
    .description(
      'Check platform files and runbook definitions. Nothing is contacted. Without a file: all of\n' +
        'runbooks/*.yaml, compose/*/platform.yaml and ./platform.yaml.',
    )
    .argument('[file...]', 'files to check')
    .addHelpText('after', '\nExample:\n  runbook validate compose/lab/platform.yaml')
    .action((files) => host.perform(work, { files }));
}

export async function validate({ files }: ValidateOptions, session: Session): Promise<ExitCode> {
  const { checkFiles } = await import('../local/check-files.ts');
  const { labelled } = await import('../render/text.ts');
  const results = await checkFiles(files, session.cwd);
  const { stdout } = session.terminal;
  const failed = results.filter((result) => result.error !== undefined);
  if (session.settings.output !== 'text') answerList(session, results);
  else {
    answer(
      session,
      results.flatMap(({ file, kind, error }) =>
        error === undefined
          ? [`${stdout.style.good('ok')}    ${file} (${kind})`]
          : [
              `${stdout.style.bad('wrong')} ${file}`,
              ...problemLines(error).flatMap((line) => labelled('      ', line, stdout.width())),
            ],
      ),
    );
    note(session, [failed.length === 0 ? 'all files are valid' : `${failed.length} not valid`]);
  }
  return failed.length === 0 ? exitCodes.done : exitCodes.usage;
}

/** The reason lists the problems, one a line, each with its place. */
function problemLines({ why, what }: ErrorFacts): string[] {
  return (why ?? what).split('\n');
}
