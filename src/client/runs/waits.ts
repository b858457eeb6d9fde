import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { RunState } from '../../shared/run-state.ts';
import { type Waiting, waitingIn } from '../../shared/waiting.ts';

/** What a step under way waits for, as its last heartbeat said. */
export type StepWait = Waiting & { readonly step: string };

interface PendingActivity {
  readonly heartbeatDetails?: { readonly payloads?: Payload[] | null } | null;
}

/** Only the server knows it: the workflow hears nothing of heartbeats. */
export async function waitsOf(
  { options }: Pick<Client, 'options'>,
  pending: readonly PendingActivity[],
): Promise<readonly StepWait[]> {
  const beats = await Promise.all(
    pending.map(({ heartbeatDetails }) =>
      decodeArrayFromPayloads(options.loadedDataConverter, heartbeatDetails?.payloads)
        // Without the key of its payload a run can be watched all the same.
        .catch(() => []),
    ),
  );
  return beats.flatMap(([beat]) => waitingIn(beat) ?? []);
}

/** The run with what its steps wait for; one that has gone on since waits for nothing. */
export function withWaits(state: RunState, waits: readonly StepWait[] = []): RunState {
  if (waits.length === 0) return state;
  const steps = state.steps.map((step) => {
    const found = waits.find((wait) => wait.step === step.id);
    if (found === undefined || !['running', 'undoing'].includes(step.status)) return step;
    const { step: _, ...waiting } = found;
    return { ...step, waiting };
  });
  return { ...state, steps };
}
