import type { DecisionAction, RunState, StepRecord } from '../../shared/run-state.ts';
import { shellWord } from './text.ts';

const meanings: Readonly<Record<DecisionAction, string>> = {
  retry: 'try the step again',
  skip: 'go on without it',
  undo: 'undo what was done',
  abort: 'leave things as they are',
};

/** The exact commands for the next action; they are never wrapped, so that they can be copied. */
export function nextCommands(state: RunState): string[] {
  const parked = state.steps.filter((step) => step.status === 'parked');
  return parked.flatMap((step) => [
    `runbook decide ${shellWord(state.run)} ${stepWord(step, parked)}--retry --why TEXT`,
    `  ${decisionWords()}`,
  ]);
}

function stepWord(step: StepRecord, parked: readonly StepRecord[]): string {
  return parked.length === 1 ? '' : `${shellWord(step.id)} `;
}

function decisionWords(): string {
  return Object.entries(meanings)
    .map(([action, meaning]) => `--${action} ${meaning}`)
    .join(' · ');
}
