import { Command } from '@commander-js/extra-typings';
import {
  confirmOption,
  detachOption,
  exampleRun,
  examples,
  outsideWindowOption,
  planOption,
  timeoutOption,
  yesOption,
} from '../options.ts';
import type { ExitCode, Host, Session } from '../session.ts';

export interface RetryOptions {
  readonly run: string;
  readonly from?: string | undefined;
  readonly plan: boolean;
  readonly detach: boolean;
  readonly yes: boolean;
  readonly confirm?: string | undefined;
  readonly outsideWindow?: string | undefined;
  readonly reason?: string | undefined;
  readonly id?: string | undefined;
  readonly timeoutMs?: number | undefined;
}

export function retryCommand(host: Host, work = retry) {
  return new Command('retry')
    .description(
      'Do a run that has ended again, as a new run with its platform, parameters and options: plan it, ' +
        'show the plan, ask, start it, watch it. What is in place is not done again.',
    )
    .argument('<run>', 'id of the run that has ended')
    .option('--from <step>', 'begin there; every step before it must be in place')
    .addOption(planOption())
    .addOption(detachOption())
    .addOption(yesOption())
    .addOption(confirmOption())
    .addOption(outsideWindowOption())
    .option('--reason <text>', "why it is run (default: the first run's)")
    .option('--id <run>', 'the id of the new run (default: runbook, platform and time)')
    .addOption(timeoutOption())
    .addHelpText(
      'after',
      examples(
        `runbook retry ${exampleRun} --yes`,
        `runbook retry ${exampleRun} --from start-web --yes`,
      ),
    )
    .action((run, { plan, detach, yes, timeout, ...rest }) =>
      host.perform(work, {
        ...rest,
        run,
        plan: plan ?? false,
        detach: detach ?? false,
        yes: yes ?? false,
        timeoutMs: timeout,
      }),
    );
}

export async function retry(options: RetryOptions, session: Session): Promise<ExitCode> {
  const { retryRun } = await import('../follow/retry-run.ts');
  return retryRun(options, session);
}
