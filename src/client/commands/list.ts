import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { examples } from '../options.ts';
import { type ExitCode, type Host, respond, type Session } from '../session.ts';

export function listCommand(host: Host, work = list) {
  return new Command('list')
    .description('List the runbooks with their risk.')
    .addHelpText('after', examples('runbook list -o json | jq -r .[].name'))
    .action(() => host.perform(work, {}));
}

export async function list(_: object, session: Session): Promise<ExitCode> {
  const { readDefinitions } = await import('../local/definitions.ts');
  const { table } = await import('../render/table.ts');
  const definitions = await readDefinitions();
  const rows = definitions.map(({ name, title, risk }) => ({ name, title, risk }));
  respond(session, rows, (width, style) => {
    const cells = rows.map(({ name, risk, title }) => [name, risk, title]);
    return table(['RUNBOOK', 'RISK', 'WHAT IT DOES'], cells, width, style);
  });
  return exitCodes.done;
}
