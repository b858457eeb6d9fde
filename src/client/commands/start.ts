import { Command, Option } from '@commander-js/extra-typings';
import type { OnFailure } from '../../shared/run-request.ts';
import {
  collect,
  confirmOption,
  detachOption,
  examples,
  outsideWindowOption,
  planOption,
  timeoutOption,
  yesOption,
} from '../options.ts';
import type { ExitCode, Host, Session } from '../session.ts';

export interface StartOptions {
  readonly runbook: string;
  readonly planOut?: string | undefined;
  readonly planFile?: string | undefined;
  readonly plan: boolean;
  readonly exitCode: boolean;
  readonly set: readonly string[];
  readonly vars?: string | undefined;
  readonly platform?: string | undefined;
  readonly onFailure?: OnFailure | undefined;
  readonly parkTimeout?: string | undefined;
  readonly detach: boolean;
  readonly yes: boolean;
  readonly confirm?: string | undefined;
  readonly outsideWindow?: string | undefined;
  readonly reason?: string | undefined;
  readonly ticket?: string | undefined;
  readonly id?: string | undefined;
  readonly timeoutMs?: number | undefined;
}

const onFailureModes: readonly OnFailure[] = ['park', 'undo', 'abort'];

export function startCommand(host: Host, work = start) {
  return new Command('start')
    .description(
      'Start a run: plan it, show the plan, ask, start it, watch it. With --yes it starts at once.',
    )
    .argument('[runbook]', 'name of the runbook; with --plan-file it may be left out')
    .addOption(planOption())
    .option('--plan-out <file>', 'as --plan, and write the plan to a file')
    .addOption(
      new Option(
        '--plan-file <file>',
        'start what a plan file holds, without asking; refused when something has moved since',
      ).conflicts(['plan', 'planOut', 'exitCode']),
    )
    .option('--exit-code', 'with --plan: exit 3 when there are changes')
    .option('--set <name=value>', 'set a parameter; repeatable', collect)
    .option('--vars <file>', 'parameters from a YAML or JSON file; - reads standard input')
    .option(
      '--platform <name>',
      "the platform (default: the configured one, that of platform.yaml here, or the worker's)",
    )
    .addOption(
      new Option(
        '--on-failure <mode>',
        'when a step is out of tries: wait for a decision, undo, or leave things as they are ' +
          "(default: the runbook's)",
      ).choices(onFailureModes),
    )
    .option(
      '--park-timeout <duration>',
      'how long a step that parks waits for a decision, for example 4h; then the run ends as the ' +
        'runbook says (default: as the runbook says, else for ever)',
    )
    .addOption(detachOption())
    .addOption(yesOption())
    .addOption(confirmOption())
    .addOption(outsideWindowOption())
    .option('--reason <text>', 'why it is run; kept in the report')
    .option('--ticket <text>', 'the ticket that it belongs to; kept in the report')
    .option('--id <run>', 'the id of the run (default: runbook, platform and time)')
    .addOption(timeoutOption())
    .addHelpText(
      'after',
      examples(
        'runbook start deploy --plan',
        'runbook start deploy --platform lab --yes --reason "new release"',
        'runbook start deploy --plan-out plan.json',
      ),
    )
    .action((runbook, { set, plan, exitCode, detach, yes, timeout, ...rest }, command) => {
      if (runbook === undefined && rest.planFile === undefined) {
        command.error("error: missing required argument 'runbook'", {
          code: 'commander.missingArgument',
        });
      }
      return host.perform(work, {
        ...rest,
        runbook: runbook ?? '',
        set: set ?? [],
        plan: plan === true || rest.planOut !== undefined,
        exitCode: exitCode ?? false,
        detach: detach ?? false,
        yes: yes ?? false,
        timeoutMs: timeout,
      });
    });
}

export async function start(options: StartOptions, session: Session): Promise<ExitCode> {
  if (options.planFile !== undefined) {
    const { startFromFile } = await import('../follow/start-from-file.ts');
    return startFromFile(options.planFile, options, session);
  }
  const { startRun } = await import('../follow/start-run.ts');
  return startRun(options, session);
}
