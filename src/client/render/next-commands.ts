import { parkEndWords } from '../../report/park-words.ts';
import { possibleDecisions } from '../../report/possible-decisions.ts';
import { openGates } from '../../shared/gate.ts';
import type { DecisionAction, RunState, StepRecord } from '../../shared/run-state.ts';
import { labelled, shellWord } from './text.ts';

const meanings: Readonly<Record<DecisionAction, string>> = {
  retry: 'try the step again',
  'retry-with': 'try it again with a parameter changed',
  skip: 'go on without it',
  undo: 'undo what was done',
  abort: 'leave things as they are',
};

const option = (action: DecisionAction) =>
  action === 'retry-with' ? '--retry-with NAME=VALUE' : `--${action}`;

/** By the option of `decide` that means it. */
export const decisionMeanings: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(meanings).map(([action, meaning]) => [
    option(action as DecisionAction).slice(2),
    meaning,
  ]),
);

/** The exact commands for the next action; they are never wrapped, so that they can be copied. A legend says the rest. */
export function nextCommands(
  state: RunState,
  width: number,
  ways: 'each' | 'first' = 'each',
): string[] {
  const parked = state.steps.filter((step) => step.status === 'parked');
  const held = state.hold ? [`runbook release ${shellWord(state.run)} --why TEXT`] : [];
  const answers = openGates(state.gates).flatMap(({ id }) =>
    ['approve', 'reject'].map(
      (order) => `runbook ${order} ${shellWord(state.run)} ${shellWord(id)} --why TEXT`,
    ),
  );
  return [...decisionLines(state, parked, width, ways), ...answers, ...held];
}

function decisionLines(
  state: RunState,
  parked: readonly StepRecord[],
  width: number,
  ways: 'each' | 'first',
): readonly string[] {
  if (parked.length === 0) return [];
  const possible = possibleDecisions(state);
  // With several parked steps the other ways are told once, below: the screen ends somewhere.
  const spelled = ways === 'each' && parked.length === 1 ? possible : possible.slice(0, 1);
  const legend = possible.map((action) => `${option(action)}: ${meanings[action]}`).join(' · ');
  return [
    ...parked.flatMap((step) => [
      ...spelled.map((action) => decide(state, step, parked, action)),
      ...endLines(step, width),
    ]),
    ...labelled('  ', legend, width),
  ];
}

function decide(
  { run }: RunState,
  { id }: StepRecord,
  parked: readonly StepRecord[],
  action: DecisionAction,
): string {
  const step = parked.length === 1 ? '' : `${shellWord(id)} `;
  return `runbook decide ${shellWord(run)} ${step}${option(action)} --why TEXT`;
}

function endLines({ parkEnd }: StepRecord, width: number): string[] {
  return parkEnd ? labelled('  ', `${parkEndWords(parkEnd)} unless decided`, width) : [];
}
