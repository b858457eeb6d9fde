import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { readVersion } from '../local/version.ts';
import { examples } from '../options.ts';
import { type ExitCode, type Host, respond, type Session } from '../session.ts';

export function versionCommand(host: Host, work = version) {
  return new Command('version')
    .description('Print the version of runbook, its commit when it runs from a checkout, and Node.')
    .addHelpText('after', examples('runbook version -o json'))
    .action(() => host.perform(work, {}));
}

export async function version(_: object, session: Session): Promise<ExitCode> {
  const facts = await readVersion();
  const commit = facts.commit === undefined ? '' : ` (${facts.commit.slice(0, 7)})`;
  respond(session, facts, () => [`runbook ${facts.version}${commit}, node ${facts.node}`]);
  return exitCodes.done;
}
