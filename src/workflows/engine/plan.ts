import { ApplicationFailure } from '@temporalio/workflow';
import type { Plan, PlanLine } from '../../shared/report.ts';
import type { ResolvedRun } from '../../shared/resolved-run.ts';
import type { StepRecord } from '../../shared/run-state.ts';
import type { Run } from './run.ts';

/** Runs the body in plan mode: probes and reads run, acts do not. Leaves the steps for plan runs to show. */
export async function makePlan(
  run: Run,
  resolved: ResolvedRun,
  body: (run: Run) => Promise<void>,
): Promise<Plan> {
  run.progress.enter('planning');
  run.mode = 'plan';
  await body(run);
  run.from.finish();
  const lines = run.progress.steps.map(lineOf);
  const digest = await digestOf(run, 'plan', resolved, lines);
  if (!resolved.plan) {
    run.mode = 'apply';
    run.progress.steps = [];
  }
  const changes = lines.filter((line) => line.change !== undefined).length;
  return { digest, lines, changes, platformDigest: resolved.platformDigest };
}

/** `name` is the engine's own for what it asks; two that ask at once need two. */
export function digestOf(
  run: Run,
  name: string,
  resolved: ResolvedRun,
  lines: readonly PlanLine[],
): Promise<string> {
  return run.engineActivities(name).digestPlan({ ...planFacts(resolved), lines });
}

const planFacts = ({ params, codeVersion, platformDigest, from }: ResolvedRun) => ({
  params,
  codeVersion,
  platformDigest,
  ...(from === undefined ? {} : { from }),
});

const lineOf = (step: StepRecord) => planLine(step, step.status === 'would-change');

export function planLine(step: StepRecord, changes = true): PlanLine {
  return {
    step: step.id,
    title: step.title,
    now: step.now ?? '',
    ...(changes ? { change: step.change ?? step.title } : {}),
    ...(changes && step.details !== undefined ? { details: step.details } : {}),
    undo: step.undo,
  };
}

/** The approval was given for another plan: what it says must be read again first. */
export function refuseDrift(plan: Plan, approvedDigest: string): void {
  if (plan.digest === approvedDigest) return;
  const lines = plan.lines
    .filter((line) => line.change !== undefined)
    .map((line) => `${line.step}: ${line.now} -> ${line.change}`);
  throw ApplicationFailure.create({
    type: 'RB_PLAN_DRIFT',
    nonRetryable: true,
    message: 'the platform is no longer as it was when the plan was approved',
    details: [
      {
        facts: {
          code: 'RB_PLAN_DRIFT',
          what: 'the platform is no longer as it was when the plan was approved',
          why: `the plan is now: ${lines.join('; ') || 'nothing to change'}`.slice(0, 2000),
          fix: 'read the new plan and start again',
        },
        outputTail: '',
      },
    ],
  });
}
