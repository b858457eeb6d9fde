import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { CommandError } from '../errors.ts';
import { operator } from '../local/operator.ts';
import { exampleRun, examples, whyOption } from '../options.ts';
import { shellWord } from '../render/text.ts';
import { answerJson, type ExitCode, type Host, note, type Session } from '../session.ts';

export interface HoldOptions {
  readonly run: string;
  readonly order: 'hold' | 'release';
  readonly why: string;
  readonly by?: string | undefined;
}

export function holdCommand(host: Host, work = hold) {
  return orderCommand(host, work, {
    order: 'hold',
    description:
      'Let a run stand still: what is under way ends, no new step begins. It keeps its locks.',
    why: 'incident on the network',
  });
}

export function releaseCommand(host: Host, work = hold) {
  return orderCommand(host, work, {
    order: 'release',
    description: 'Let a held run go on.',
    why: 'the incident is over',
  });
}

interface OrderWords {
  readonly order: 'hold' | 'release';
  readonly description: string;
  readonly why: string;
}

function orderCommand(host: Host, work: typeof hold, { order, description, why }: OrderWords) {
  return new Command(order)
    .description(description)
    .argument('<run>', 'id of the run')
    .addOption(whyOption())
    .option('--by <name>', 'who says so (default: you)')
    .addHelpText('after', examples(`runbook ${order} ${exampleRun} --why "${why}"`))
    .action((run, options) => host.perform(work, { run, order, ...options }));
}

export async function hold(options: HoldOptions, session: Session): Promise<ExitCode> {
  const { requireOpen } = await import('../runs/open-run.ts');
  const { run, order, why, by = operator() } = options;
  const runs = await session.connect();
  await requireOpen(runs, run, () => hasEnded(run, order));
  await runs[order](run, { by, why });
  if (session.settings.output !== 'text') answerJson(session, { run, order, by, why });
  note(session, told[order](shellWord(run)));
  return exitCodes.done;
}

const told = {
  hold: (run: string) => [
    `holding ${run}: what is under way ends, no new step begins`,
    `runbook release ${run} --why TEXT`,
  ],
  release: (run: string) => [`${run} goes on`, `runbook watch ${run}`],
} as const;

function hasEnded(run: string, order: string): CommandError {
  return new CommandError('RB_HOLD_REFUSED', `the run ${run} has ended already`, {
    why: `only an open run takes a ${order}`,
    fix: `runbook report ${shellWord(run)}`,
    context: { run, changed: false },
  });
}
