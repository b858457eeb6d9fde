import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import type { Decision, DecisionAction, RunState, StepRecord } from '../../shared/run-state.ts';
import { CommandError } from '../errors.ts';
import { operator } from '../local/operator.ts';
import { exampleRun, examples, whyOption } from '../options.ts';
import { shellWord } from '../render/text.ts';
import { answerJson, type ExitCode, type Host, note, type Session } from '../session.ts';

export interface DecideOptions {
  readonly run: string;
  readonly step?: string | undefined;
  readonly actions: readonly DecisionAction[];
  readonly why: string;
  readonly by?: string | undefined;
}

export function decideCommand(host: Host, work = decide) {
  return new Command('decide')
    .description('Decide what becomes of a parked step. Say which of the four, and why.')
    .argument('<run>', 'id of the run')
    .argument('[step]', 'the parked step (needed when several are parked)')
    .option('--retry', 'try the step again')
    .option('--skip', 'go on without it')
    .option('--undo', 'undo what the run has done, and end it')
    .option('--abort', 'leave things as they are, and end it')
    .addOption(whyOption())
    .option('--by <name>', 'who decides (default: you)')
    .addHelpText('after', examples(`runbook decide ${exampleRun} --retry --why "disk freed"`))
    .action((run, step, { retry, skip, undo, abort, why, by }) => {
      const given: Readonly<Record<DecisionAction, true | undefined>> = {
        retry,
        skip,
        undo,
        abort,
      };
      const actions = (Object.keys(given) as DecisionAction[]).filter((action) => given[action]);
      return host.perform(work, { run, step, actions, why, by });
    });
}

export async function decide(options: DecideOptions, session: Session): Promise<ExitCode> {
  const [action, ...others] = options.actions;
  if (action === undefined || others.length > 0) throw oneActionNeeded();
  const { requireOpen } = await import('../runs/open-run.ts');
  const runs = await session.connect();
  const { run, why, by = operator() } = options;
  await requireOpen(runs, run, () => nothingParked(run, 'it has ended'));
  const step = chooseStep(await runs.state(run), options.step);
  const decision: Decision = { step: step.id, attempt: step.attempt, action, by, why };
  await runs.decide(run, decision);
  if (session.settings.output !== 'text') answerJson(session, { run, ...decision });
  note(session, [`decided: ${action} ${step.id}`, `runbook watch ${shellWord(run)}`]);
  return exitCodes.done;
}

/** The attempt that the person has seen: the run refuses a decision about an older one. */
function chooseStep({ run, steps }: RunState, wanted: string | undefined): StepRecord {
  const parked = steps.filter((step) => step.status === 'parked');
  const names = parked.map((step) => step.id).join(', ');
  const chosen = wanted === undefined ? parked : parked.filter((step) => step.id === wanted);
  const [step, another] = chosen;
  if (step === undefined) {
    throw nothingParked(run, names === '' ? 'no step is parked' : `parked: ${names}`);
  }
  if (another === undefined) return step;
  throw new CommandError('RB_STEP_UNKNOWN', 'several steps are parked: say which one is meant', {
    why: `parked: ${names}`,
    fix: `runbook decide ${shellWord(run)} ${shellWord(step.id)} --retry --why TEXT`,
    context: { run },
  });
}

function nothingParked(run: string, why: string): CommandError {
  return new CommandError('RB_DECISION_REFUSED', 'there is nothing to decide about that step', {
    why,
    fix: `see where the run stands with runbook status ${shellWord(run)}`,
    context: { run, changed: false },
  });
}

function oneActionNeeded(): CommandError {
  return new CommandError('RB_USAGE', 'say one of --retry, --skip, --undo, --abort', {
    why: 'a decision is exactly one of them',
    fix: 'runbook decide --help',
  });
}
