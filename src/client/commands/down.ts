import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { examples } from '../options.ts';
import { answerJson, type ExitCode, type Host, note, type Session } from '../session.ts';

export function downCommand(host: Host, work = down) {
  return new Command('down')
    .description(
      'Stop the server and the worker that up started. Runs are kept: they go on at the next up. ' +
        'A server that was there before up is left alone.',
    )
    .addHelpText('after', examples('runbook down'))
    .action(() => host.perform(work, {}));
}

export async function down(_: object, session: Session): Promise<ExitCode> {
  const { stopUp } = await import('../up/stop-up.ts');
  const stopped = await stopUp(session);
  if (session.settings.output !== 'text') answerJson(session, { stopped });
  note(session, [
    stopped
      ? 'runbook is down; runs go on at the next up'
      : 'runbook is not up here: nothing to stop',
  ]);
  return exitCodes.done;
}
