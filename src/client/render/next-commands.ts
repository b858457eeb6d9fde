import { openGates } from '../../shared/gate.ts';
import type { DecisionAction, RunState, StepRecord } from '../../shared/run-state.ts';
import { labelled, shellWord } from './text.ts';

const meanings: Readonly<Record<DecisionAction, string>> = {
  retry: 'try the step again',
  skip: 'go on without it',
  undo: 'undo what was done',
  abort: 'leave things as they are',
};

/** The exact commands for the next action; they are never wrapped, so that they can be copied. */
export function nextCommands(state: RunState, width: number): string[] {
  const parked = state.steps.filter((step) => step.status === 'parked');
  const held = state.hold ? [`runbook release ${shellWord(state.run)} --why TEXT`] : [];
  const decisions = parked.flatMap((step) => [
    `runbook decide ${shellWord(state.run)} ${stepWord(step, parked)}--retry --why TEXT`,
    ...decisionLines(width),
  ]);
  const answers = openGates(state.gates).flatMap(({ id }) =>
    ['approve', 'reject'].map(
      (order) => `runbook ${order} ${shellWord(state.run)} ${shellWord(id)} --why TEXT`,
    ),
  );
  return [...decisions, ...answers, ...held];
}

function stepWord(step: StepRecord, parked: readonly StepRecord[]): string {
  return parked.length === 1 ? '' : `${shellWord(step.id)} `;
}

function decisionLines(width: number): string[] {
  const words = Object.entries(meanings).map(([action, meaning]) => `--${action}: ${meaning}`);
  return labelled('  ', words.join(' · '), width);
}
