import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import type { Decision, DecisionAction, RunState, StepRecord } from '../../shared/run-state.ts';
import { CommandError } from '../errors.ts';
import { operator } from '../local/operator.ts';
import { collect, exampleRun, examples } from '../options.ts';
import { decisionMeanings } from '../render/next-commands.ts';
import { shellWord } from '../render/text.ts';
import { answerJson, type ExitCode, type Host, note, type Session } from '../session.ts';

export interface DecideOptions {
  readonly run: string;
  readonly step?: string | undefined;
  readonly actions: readonly DecisionAction[];
  /** `name=value`, of `retry-with`. */
  readonly edits?: readonly string[] | undefined;
  readonly why?: string | undefined;
  readonly by?: string | undefined;
}

export function decideCommand(host: Host, work = decide) {
  return new Command('decide')
    .description('Decide what becomes of a parked step. Say which of the five, and why.')
    .argument('<run>', 'id of the run')
    .argument('[step]', 'the parked step (needed when several are parked)')
    .option('--retry', 'try the step again')
    .option(
      '--retry-with <name=value>',
      'try it again with this parameter of the run changed; repeatable',
      collect,
    )
    .option('--skip', 'go on without it')
    .option('--undo', 'undo what the run has done, and end it')
    .option('--abort', 'leave things as they are, and end it')
    .option('--why <text>', 'the reason; kept in the report')
    .option('--by <name>', 'who decides (default: you)')
    .addHelpText(
      'after',
      examples(
        `runbook decide ${exampleRun} --retry --why "disk freed"`,
        `runbook decide ${exampleRun} --retry-with max=1 --why "one at a time"`,
      ),
    )
    .action((run, step, { retry, retryWith, skip, undo, abort, why, by }) => {
      const given: Readonly<Record<DecisionAction, unknown>> = {
        retry,
        'retry-with': retryWith,
        skip,
        undo,
        abort,
      };
      const actions = (Object.keys(given) as DecisionAction[]).filter((action) => given[action]);
      return host.perform(work, { run, step, actions, edits: retryWith, why, by });
    });
}

export async function decide(options: DecideOptions, session: Session): Promise<ExitCode> {
  const [action, ...others] = options.actions;
  if (action === undefined || others.length > 0) throw oneActionNeeded(options.actions);
  if (options.why === undefined) throw whyNeeded(options);
  const { requireOpen } = await import('../runs/open-run.ts');
  const runs = await session.connect();
  const { run, why, by = operator() } = options;
  await requireOpen(runs, run, () => nothingParked(run, 'it has ended'));
  const state = await runs.state(run);
  const step = chooseStep(state, options.step);
  const params = action === 'retry-with' ? { params: await paramsOf(state, options) } : {};
  const decision: Decision = { step: step.id, attempt: step.attempt, action, ...params, by, why };
  const answer = await runs.decide(run, decision);
  if (session.settings.output !== 'text') answerJson(session, { run, ...decision });
  note(session, [`decided: ${answer}`, `runbook watch ${shellWord(run)}`]);
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

/** Values are read as the runbook's definition wants them; the run checks them. */
async function paramsOf({ runbook }: RunState, { edits = [] }: DecideOptions) {
  const { requireDefinition } = await import('../local/definitions.ts');
  const { settings } = await import('../local/request.ts');
  return settings(edits, await requireDefinition(runbook), {
    option: '--retry-with',
    example: 'runbook decide RUN --retry-with max=1 --why TEXT',
  });
}

function oneActionNeeded(given: readonly DecisionAction[]): CommandError {
  const what = given.length === 0 ? 'the decision is missing' : 'there are several decisions';
  const ways = Object.entries(decisionMeanings).map(([way, meaning]) => `--${way}: ${meaning}`);
  const said = given.length === 0 ? 'none was given' : `given: ${given.join(', ')}`;
  return new CommandError('RB_USAGE', `${what}: say what becomes of the step`, {
    why: `a decision is exactly one of these, ${said}:\n${ways.join('\n')}`,
    fix: 'runbook decide RUN --retry --why TEXT',
    context: { changed: false },
  });
}

function whyNeeded({ run, actions }: DecideOptions): CommandError {
  const values = actions[0] === 'retry-with' ? ' NAME=VALUE' : '';
  return new CommandError('RB_USAGE', 'the reason is missing', {
    why: 'the report keeps who decided what, and why',
    fix: `runbook decide ${shellWord(run)} --${actions[0]}${values} --why TEXT`,
    context: { run, changed: false },
  });
}
