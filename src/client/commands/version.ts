import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { readVersion } from '../local/version.ts';
import { examples } from '../options.ts';
import { type ExitCode, type Host, respond, type Session } from '../session.ts';

export function versionCommand(host: Host, work = version) {
  return new Command('version')
    .description('Print the version of runbook, the commit it was made from, and Node.')
    .addHelpText('after', examples('runbook version -o json'))
    .action(() => host.perform(work, {}));
}

export async function version(_: object, session: Session): Promise<ExitCode> {
  const facts = await readVersion();
  const made = [facts.commit?.slice(0, 7), facts.built ? 'built' : undefined].filter(Boolean);
  const from = made.length === 0 ? '' : ` (${made.join(', ')})`;
  respond(session, facts, () => [`runbook ${facts.version}${from}, node ${facts.node}`]);
  return exitCodes.done;
}
