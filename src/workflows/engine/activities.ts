import type { Duration } from '@temporalio/common';
import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import type { StepContext } from '../../shared/step-context.ts';

/** The activities as a step's verbs see them: the context is already filled in. */
export type BoundActivities = {
  readonly [Name in keyof Activities]: Activities[Name] extends (
    ctx: StepContext,
    input: infer Input,
  ) => Promise<infer Output>
    ? (input: Input) => Promise<Output>
    : never;
};

interface CallOptions {
  /** Shown in the Temporal UI beside the activity. */
  readonly summary: string;
  readonly limit: Duration;
  readonly heartbeatTimeoutMs: number;
}

/**
 * Reads are tried again by the server, five quick times. What mutates runs once: the engine probes before it
 * acts again, so that an effect whose answer was lost is not done twice.
 */
function activityOptions(phase: StepContext['phase'], call: CallOptions) {
  const reads = phase === 'probe' || phase === 'verify';
  return {
    summary: call.summary,
    startToCloseTimeout: call.limit,
    heartbeatTimeout: call.heartbeatTimeoutMs,
    // A stop is only true once the attempt has ended and cleaned up behind itself.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: reads
      ? { maximumAttempts: 5, initialInterval: 200, backoffCoefficient: 2, maximumInterval: 2000 }
      : { maximumAttempts: 1 },
  };
}

export function bindActivities(ctx: StepContext, call: CallOptions): BoundActivities {
  const activities = proxyActivities<Activities>(
    activityOptions(ctx.phase, call),
  ) as unknown as Record<string, (ctx: StepContext, input: unknown) => Promise<unknown>>;
  return new Proxy({} as BoundActivities, {
    get: (_, name: string) => (input: unknown) => activities[name]?.(ctx, input ?? {}),
  });
}
