import { parkEndWords } from '../../report/park-words.ts';
import { openGates } from '../../shared/gate.ts';
import type { RunState, StepRecord } from '../../shared/run-state.ts';
import { labelled, shellWord } from './text.ts';

/** By the option of `decide` that means it. */
export const decisionMeanings: Readonly<Record<string, string>> = {
  retry: 'try the step again',
  'retry-with NAME=VALUE': 'try it again with a parameter changed',
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
    ...endLines(step, width),
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

function endLines({ parkEnd }: StepRecord, width: number): string[] {
  return parkEnd ? labelled('  ', `${parkEndWords(parkEnd)} unless decided`, width) : [];
}

function decisionLines(width: number): string[] {
  const words = Object.entries(decisionMeanings).map(
    ([action, meaning]) => `--${action}: ${meaning}`,
  );
  return labelled('  ', words.join(' · '), width);
}
