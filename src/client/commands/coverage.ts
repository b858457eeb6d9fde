import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { collect, examples } from '../options.ts';
import { type ExitCode, type Host, note, respond, type Session } from '../session.ts';

export interface CoverageOptions {
  readonly platforms: readonly string[];
}

export function coverageCommand(host: Host, work = coverage) {
  return new Command('coverage')
    .description(
      'Show what runbooks can do with each service of a platform: services and the capabilities of ' +
        'their kinds. What a kind cannot do is named as not covered. Only files are read.',
    )
    .option(
      '--platform <platform>',
      'a platform, by its name or its file; repeatable (default: all that are found here)',
      collect,
    )
    .addHelpText('after', examples('runbook coverage --platform compose/lab/platform.yaml'))
    .action(({ platform }) => host.perform(work, { platforms: platform ?? [] }));
}

export async function coverage(
  { platforms }: CoverageOptions,
  session: Session,
): Promise<ExitCode> {
  const { platformFilesNamed } = await import('../local/platform-files-named.ts');
  const { readCoverage } = await import('../local/read-platforms.ts');
  const { coverageLines, gapLines } = await import('../render/coverage.ts');
  const files = await platformFilesNamed(platforms, session);
  const found = await Promise.all(files.map((file) => readCoverage(file, session.cwd)));
  respond(session, found, (width, style) => coverageLines(found, width, style));
  note(session, found.flatMap(gapLines));
  return exitCodes.done;
}
