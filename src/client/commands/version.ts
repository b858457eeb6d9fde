import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { readVersion } from '../local/version.ts';
import { answer, answerJson, type ExitCode, type Host, type Session } from '../session.ts';

export function versionCommand(host: Host, work = version) {
  return new Command('version')
    .description('Print the version of runbook, its commit when it runs from a checkout, and Node.')
    .addHelpText('after', '\nExample:\n  runbook version -o json')
    .action(() => host.perform(work, {}));
}

export async function version(_: object, session: Session): Promise<ExitCode> {
  const facts = await readVersion();
  if (session.settings.output !== 'text') answerJson(session, facts);
  else {
    const commit = facts.commit === undefined ? '' : ` (${facts.commit.slice(0, 7)})`;
    answer(session, [`runbook ${facts.version}${commit}, node ${facts.node}`]);
  }
  return exitCodes.done;
}
