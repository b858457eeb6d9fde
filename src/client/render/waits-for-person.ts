import { openGates } from '../../shared/gate.ts';
import type { RunState } from '../../shared/run-state.ts';
import { failureLines } from './failure.ts';
import { openGateLines } from './gate.ts';
import { nextCommands } from './next-commands.ts';
import type { Style } from './style.ts';

/** A step or a gate waits for a person; the state's own word may lag behind a decision that was just taken. */
export function waitsForPerson({ state, steps, gates }: RunState): boolean {
  if (state === 'waiting-for-approval') return openGates(gates).length > 0;
  return state === 'parked' && steps.some((step) => step.status === 'parked');
}

/** What such a run waits for, why, and the exact commands to go on. */
export function personLines(state: RunState, width: number, style: Style): string[] {
  const parked = state.steps.filter((step) => step.status === 'parked');
  return [
    `run ${state.run} waits for ${parked.length > 0 ? 'a decision' : 'approval'}:`,
    ...openGates(state.gates).flatMap((gate) => openGateLines(gate, width, style)),
    ...parked.flatMap((step) => failureLines(step, width, style)),
    ...nextCommands(state, width),
  ];
}
