import { Command } from '@commander-js/extra-typings';
import type { GateAction } from '../../shared/gate.ts';
import { exampleRun, examples, whyOption } from '../options.ts';
import type { ExitCode, Host, Session } from '../session.ts';

export interface ApproveOptions {
  readonly run: string;
  readonly gate?: string | undefined;
  readonly action: GateAction;
  readonly why: string;
  readonly by?: string | undefined;
  readonly digest?: string | undefined;
  readonly yes: boolean;
  readonly confirm?: string | undefined;
}

export function approveCommand(host: Host, work = answerGate) {
  return gateCommand('approve')
    .description(
      'Approve the plan of a run that waits for it: shows the plan, asks, and sends the approval. ' +
        'Without a question it needs the digest of the plan that was read.',
    )
    .option('--digest <sha256>', 'the plan that was read: its digest, or the first 12 digits of it')
    .option('-y, --yes', 'approve without asking what can be undone; needs --digest')
    .option(
      '--confirm <platform>',
      'the platform on which what cannot be undone is approved without asking; needs --digest',
    )
    .addHelpText('after', examples(`runbook approve ${exampleRun} --why "read the plan"`))
    .action((run, gate, { yes, ...rest }) =>
      host.perform(work, { run, gate, action: 'approve', yes: yes ?? false, ...rest }),
    );
}

export function rejectCommand(host: Host, work = answerGate) {
  return gateCommand('reject')
    .description('Reject the plan of a run that waits for approval. It ends the run.')
    .option('--digest <sha256>', 'reject only this plan')
    .option('-y, --yes', 'reject without asking')
    .addHelpText('after', examples(`runbook reject ${exampleRun} --why "not tonight"`))
    .action((run, gate, { yes, ...rest }) =>
      host.perform(work, { run, gate, action: 'reject', yes: yes ?? false, ...rest }),
    );
}

const gateCommand = (name: GateAction) =>
  new Command(name)
    .argument('<run>', 'id of the run')
    .argument('[gate]', 'where it waits (needed when it waits in several places)')
    .addOption(whyOption())
    .option('--by <name>', `who ${name}s it (default: you)`);

async function answerGate(options: ApproveOptions, session: Session): Promise<ExitCode> {
  const { answerGate: work } = await import('../follow/answer-gate.ts');
  return work(options, session);
}
