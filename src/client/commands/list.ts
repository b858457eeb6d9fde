import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { answer, answerList, type ExitCode, type Host, type Session } from '../session.ts';

export function listCommand(host: Host, work = list) {
  return new Command('list')
    .description('List the runbooks with their risk.')
    .addHelpText('after', '\nExample:\n  runbook list -o json | jq -r .[].name')
    .action(() => host.perform(work, {}));
}

export async function list(_: object, session: Session): Promise<ExitCode> {
  const { readDefinitions } = await import('../local/definitions.ts');
  const { table } = await import('../render/table.ts');
  const definitions = await readDefinitions();
  const { stdout } = session.terminal;
  if (session.settings.output !== 'text') {
    answerList(
      session,
      definitions.map(({ name, title, risk }) => ({ name, title, risk })),
    );
  } else {
    const rows = definitions.map(({ name, risk, title }) => [name, risk, title]);
    answer(session, table(['RUNBOOK', 'RISK', 'WHAT IT DOES'], rows, stdout.width(), stdout.style));
  }
  return exitCodes.done;
}
