import { Command } from '@commander-js/extra-typings';
import type { ErrorFacts } from '../../shared/errors.ts';
import { exitCodes } from '../../shared/exit-codes.ts';
import { examples } from '../options.ts';
import { type ExitCode, type Host, note, respond, type Session } from '../session.ts';

export interface ValidateOptions {
  readonly files: readonly string[];
}

export function validateCommand(host: Host, work = validate) {
  return new Command('validate')
    .description(
      'Check platform files with their compose files, runbook definitions and configurations. Nothing ' +
        'is contacted; Docker Compose, where it is there, reads the compose files. Without a file: all of ' +
        'runbooks/*.yaml, compose/*/platform.yaml, ./platform.yaml and the configuration that counts.',
    )
    .argument('[file...]', 'files to check')
    .addHelpText('after', examples('runbook validate compose/lab/platform.yaml'))
    .action((files) => host.perform(work, { files }));
}

export async function validate({ files }: ValidateOptions, session: Session): Promise<ExitCode> {
  const { checkFiles } = await import('../local/check-files.ts');
  const { count, labelled } = await import('../render/text.ts');
  const results = await checkFiles(files, session);
  const failed = results.filter((result) => result.error !== undefined);
  respond(session, results, (width, style) =>
    results.flatMap(({ file, kind, error, warnings = [], unchecked }) => [
      error === undefined
        ? `${style.good('ok')}    ${file} (${kind})`
        : `${style.bad('wrong')} ${file}`,
      ...(error === undefined ? [] : problemLines(error)).flatMap((line) =>
        labelled('      ', line, width),
      ),
      ...[...warnings, ...uncheckedWords(unchecked)].flatMap((line) => {
        const [first = '', ...rest] = labelled('      warning ', line, width);
        return [first.replace('warning', style.caution), ...rest];
      }),
    ]),
  );
  const all = count(results.length, 'file');
  note(session, [failed.length === 0 ? `${all} valid` : `${failed.length} of ${all} not valid`]);
  return failed.length === 0 ? exitCodes.done : exitCodes.usage;
}

const uncheckedWords = (why: string | undefined) =>
  why === undefined ? [] : [`its compose files were not checked: ${why}`];

/** The reason lists the problems, one a line, each with its place. */
function problemLines({ why, what }: ErrorFacts): string[] {
  return (why ?? what).split('\n');
}
