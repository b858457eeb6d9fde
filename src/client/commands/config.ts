import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { examples } from '../options.ts';
import { type ExitCode, type Host, respond, type Session } from '../session.ts';

export function configCommand(host: Host, work = config) {
  return new Command('config')
    .description(
      'Print every setting with its value and where that comes from. A flag wins over a variable, that ' +
        'over runbook.yaml of the project, that over your own configuration file, that over the Temporal ' +
        'profile, that over what up noted, that over the default. Secrets are masked. Settings of the ' +
        'worker are those that one started here would have.',
    )
    .addHelpText(
      'after',
      examples(
        'runbook config',
        `runbook config -o json | jq '.[] | select(.source != "default")'`,
      ),
    )
    .action(() => host.perform(work, {}));
}

export async function config(_: object, session: Session): Promise<ExitCode> {
  const { fileSettings } = await import('../config/file-settings.ts');
  const { terminalSettings } = await import('../config/terminal-settings.ts');
  const { serverSettings } = await import('../config/server-settings.ts');
  const { workerSettings } = await import('../config/worker-settings.ts');
  const { settingLines } = await import('../render/settings.ts');
  const settings = [
    ...fileSettings(session),
    ...(await serverSettings(session)),
    ...(await workerSettings(session)),
    ...terminalSettings(session),
  ];
  respond(session, settings, (_, style) => settingLines(settings, style));
  return exitCodes.done;
}
