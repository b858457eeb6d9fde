import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { examples } from '../options.ts';
import { type ExitCode, type Host, note, respond, type Session } from '../session.ts';
import { envReferenceCommand } from './env-reference.ts';

export interface EnvOptions {
  readonly file?: string | undefined;
  readonly example: boolean;
}

export function envCommand(host: Host, work = env) {
  return new Command('env')
    .description(
      "Audit a platform's environment file: what is missing, unknown, weak or out of date. No value " +
        'is ever shown. Exits 4 when there are errors.',
    )
    .argument('[platform-file]', 'the platform file (default: the only one that is found)')
    .option('--example', 'print the example environment file instead')
    .addHelpText('after', examples('runbook env compose/lab/platform.yaml'))
    .action((file, { example }) => host.perform(work, { file, example: example ?? false }))
    .addCommand(envReferenceCommand(host))
    .helpCommand(false);
}

export async function env({ file, example }: EnvOptions, session: Session): Promise<ExitCode> {
  const { auditPlatform, exampleOf, openPlatformFile } = await import(
    '../local/read-environment.ts'
  );
  const { environmentLines } = await import('../render/environment.ts');
  const { count } = await import('../render/text.ts');
  const opened = await openPlatformFile(file, session.cwd);
  if (example) {
    session.terminal.stdout.stream.write(exampleOf(opened));
    return exitCodes.done;
  }
  const report = await auditPlatform(opened);
  const errors = report.findings.filter(({ severity }) => severity === 'error').length;
  respond(session, report, (width, style) => environmentLines(report.findings, width, style));
  note(session, [
    `${report.file}: ${report.exists ? '' : 'not there yet; deploy writes it; '}` +
      `${count(errors, 'error')}, ${count(report.findings.length - errors, 'warning')}`,
  ]);
  return errors > 0 ? exitCodes.refused : exitCodes.done;
}
