import type { WorkflowHandle } from '@temporalio/client';
import type { GateAction, GateOrder, GateRecord } from '../../../src/shared/gate.ts';
import { until } from '../../support/until.ts';
import type { ToyWorld } from '../toy-world.ts';

/** The gate at which a run waits, once it does; `openings` waits until it has opened so often. */
export function untilGate(world: ToyWorld, run: WorkflowHandle, openings = 1): Promise<GateRecord> {
  return until(`the run waits at a gate, opened ${openings} times`, async () => {
    const { state, gates = [] } = await world.stateOf(run);
    return (
      state === 'waiting-for-approval' &&
      gates.find((gate) => gate.status === 'open' && gate.openings === openings)
    );
  });
}

/** Answers for the plan that the gate shows. */
export function answer(
  run: WorkflowHandle,
  action: GateAction,
  { id, plan }: Pick<GateRecord, 'id' | 'plan'>,
  by: string,
  change: Partial<GateOrder> = {},
): Promise<string> {
  const order = { gate: id, digest: plan.digest, by, why: `${by} has read it`, ...change };
  return run.executeUpdate<string, [GateOrder]>(action, { args: [order] });
}

export async function approveOpenGate(world: ToyWorld, run: WorkflowHandle): Promise<void> {
  await answer(run, 'approve', await untilGate(world, run), 'ann');
}
