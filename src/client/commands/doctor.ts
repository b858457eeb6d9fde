import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { examples } from '../options.ts';
import { type ExitCode, type Host, respond, type Session } from '../session.ts';

export function doctorCommand(host: Host, work = doctor) {
  return new Command('doctor')
    .description('Check what runs need here. Exits 0 when nothing fails, else 4.')
    .addHelpText('after', examples(`runbook doctor -o json | jq '.[] | select(.verdict != "ok")'`))
    .action(() => host.perform(work, {}));
}

export async function doctor(_: object, session: Session): Promise<ExitCode> {
  const { examine } = await import('../doctor/examine.ts');
  const { findingLines } = await import('../render/findings.ts');
  const findings = await examine(session);
  respond(session, findings, (width, style) => findingLines(findings, width, style));
  return findings.some(({ verdict }) => verdict === 'fail') ? exitCodes.refused : exitCodes.done;
}
