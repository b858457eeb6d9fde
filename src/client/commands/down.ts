import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { stateDirectory } from '../local/paths.ts';
import { examples } from '../options.ts';
import { answerJson, type ExitCode, type Host, note, type Session } from '../session.ts';

export function downCommand(host: Host, work = down) {
  return new Command('down')
    .description(
      'Stop the server and the worker that up started. Runs are kept and named: they go on at the next up. ' +
        'A server that was there before up is left alone.',
    )
    .addHelpText('after', examples('runbook down'))
    .action(() => host.perform(work, {}));
}

export async function down(_: object, session: Session): Promise<ExitCode> {
  const { isRunning, readNote } = await import('../up/note.ts');
  const { openRunsOf } = await import('../up/open-runs.ts');
  const { stopUp } = await import('../up/stop-up.ts');
  const { downLines } = await import('../render/down.ts');
  const { env } = session;
  const up = await readNote(stateDirectory(env));
  // Afterwards nobody answers any more.
  const open = up !== undefined && (await isRunning(up)) ? await openRunsOf(up, env) : undefined;
  const stopped = await stopUp(session);
  if (session.settings.output !== 'text') {
    answerJson(session, { stopped, ...(stopped && open !== undefined ? { open } : {}) });
  }
  note(session, downLines(stopped, open));
  return exitCodes.done;
}
