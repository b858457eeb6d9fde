import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { answer, answerJson, type ExitCode, type Host, note, type Session } from '../session.ts';

export interface EnvOptions {
  readonly file?: string | undefined;
  readonly example: boolean;
}

export function envCommand(host: Host, work = env) {
  return new Command('env')
    .description(
      "Audit a platform's environment file: what is missing, unknown, weak or out of date. No value\n" +
        'is ever shown. Exits 4 when there are errors.',
    )
    .argument('[platform-file]', 'the platform file (default: the only one that is found)')
    .option('--example', 'print the example environment file instead')
    .addHelpText('after', '\nExample:\n  runbook env compose/lab/platform.yaml')
    .action((file, { example }) => host.perform(work, { file, example: example ?? false }));
}

export async function env({ file, example }: EnvOptions, session: Session): Promise<ExitCode> {
  const { auditPlatform, exampleOf, openPlatformFile } = await import(
    '../local/read-environment.ts'
  );
  const { environmentLines } = await import('../render/environment.ts');
  const opened = await openPlatformFile(file, session.cwd);
  const { stdout } = session.terminal;
  if (example) {
    stdout.stream.write(exampleOf(opened));
    return exitCodes.done;
  }
  const report = await auditPlatform(opened);
  const errors = report.findings.filter(({ severity }) => severity === 'error').length;
  if (session.settings.output !== 'text') answerJson(session, report);
  else answer(session, environmentLines(report.findings, stdout.width(), stdout.style));
  note(session, [
    `${report.file}: ${report.exists ? '' : 'not there yet; deploy writes it; '}` +
      `${errors} errors, ${report.findings.length - errors} warnings`,
  ]);
  return errors > 0 ? exitCodes.refused : exitCodes.done;
}
