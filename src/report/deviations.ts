import type { Plan, PlanLine } from '../shared/report.ts';
import type { StepRecord } from '../shared/run-state.ts';
import { statusWords } from './words.ts';

/** A line of the approved plan beside what became of it. */
export interface Comparison {
  readonly step: string;
  readonly title: string;
  readonly planned: string;
  readonly happened: string;
  /** Why this is not what was approved; absent when it is. */
  readonly deviation?: string;
}

const noChange = 'no change';

/** The plan's lines in their order, then the steps that no line announced. */
export function comparePlan(plan: Plan, steps: readonly StepRecord[]): readonly Comparison[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const planned = new Set(plan.lines.map((line) => line.step));
  return [
    ...plan.lines.map((line) => compare(line, byId.get(line.step))),
    ...steps.filter((step) => !planned.has(step.id)).map(unannounced),
  ];
}

function compare(line: PlanLine, step: StepRecord | undefined): Comparison {
  const deviation = deviationOf(line, step);
  return {
    step: line.step,
    title: line.title,
    planned: line.change ?? noChange,
    happened: step ? happened(step) : 'not reached',
    ...(deviation === undefined ? {} : { deviation }),
  };
}

function deviationOf({ change }: PlanLine, step: StepRecord | undefined): string | undefined {
  if (!step) return 'not reached';
  if (step.status === 'in-place') return change ? 'was already in place' : undefined;
  if (step.status !== 'done') return statusWords[step.status].word;
  if (change === undefined) return step.change ? 'a change that was not planned' : undefined;
  return step.change && step.change !== change ? 'another change than planned' : undefined;
}

/** A read that no line announced changes nothing, so it breaks no promise. */
function unannounced(step: StepRecord): Comparison {
  return {
    step: step.id,
    title: step.title,
    planned: 'not in the plan',
    happened: happened(step),
    ...(step.risk === 'read' ? {} : { deviation: 'not in the plan' }),
  };
}

function happened(step: StepRecord): string {
  const { word } = statusWords[step.status];
  const told = step.result ?? step.change;
  return told ? `${word}: ${told}` : word;
}
