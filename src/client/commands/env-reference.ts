import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { examples } from '../options.ts';
import { answerJson, type ExitCode, type Host, type Session } from '../session.ts';

export interface EnvReferenceOptions {
  readonly platform?: string | undefined;
}

export function envReferenceCommand(host: Host, work = envReference) {
  return new Command('reference')
    .summary('print what every variable is, where it is used and whether it is secret')
    .description(
      "Print a reference of a platform's environment variables as markdown, or with -o json as JSON: " +
        'required or with a default, secret or not, and where compose uses it. No value is shown.',
    )
    .option('--platform <file>', 'the platform file (default: the only one that is found)')
    .addHelpText(
      'after',
      examples('runbook env reference --platform compose/lab/platform.yaml > ENVIRONMENT.md'),
    )
    .action(({ platform }) => host.perform(work, { platform }));
}

export async function envReference(
  { platform }: EnvReferenceOptions,
  session: Session,
): Promise<ExitCode> {
  const { openPlatformFile } = await import('../local/read-environment.ts');
  const { readEnvironmentReference } = await import('../local/read-environment-reference.ts');
  const { environmentReferenceMarkdown } = await import('../render/environment-reference.ts');
  const reference = await readEnvironmentReference(await openPlatformFile(platform, session.cwd));
  if (session.settings.output === 'text') {
    session.terminal.stdout.stream.write(environmentReferenceMarkdown(reference));
  } else answerJson(session, reference);
  return exitCodes.done;
}
