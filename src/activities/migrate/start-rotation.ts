import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { RunbookError } from '../../shared/errors.ts';
import { taskQueue } from '../../shared/messages.ts';
import type { RequestAnswer, RequestCheck } from '../../shared/request-check.ts';
import type { RunRequest, Trigger } from '../../shared/run-request.ts';
import type { ProbeVerdict } from '../../shared/run-state.ts';
import type { StepContext } from '../../shared/step-context.ts';
import { currentAttempt } from '../attempt.ts';

export interface RotationInput {
  readonly secrets: readonly string[];
  /** Who started the migration; absent when nobody said so, for then nobody has started the rotation either. */
  readonly by?: string;
  readonly trigger: Trigger;
}

/** A run of `rotate-secrets`, by its id. */
export interface StartedRotation {
  readonly run: string;
}

export interface RotationDependencies {
  /** What these activities need of a Temporal client. */
  readonly workflowClient: {
    start(
      type: string,
      options: {
        workflowId: string;
        taskQueue: string;
        args: [RunRequest];
        workflowIdReusePolicy: 'REJECT_DUPLICATE';
      },
    ): Promise<unknown>;
    getHandle(workflowId: string): { describe(): Promise<unknown> };
  };
  /** What the worker would make of a request. */
  checkRequest(check: RequestCheck): Promise<RequestAnswer>;
}

const runbook = 'rotate-secrets';

export const createRotationActivities = ({
  workflowClient,
  checkRequest,
}: RotationDependencies) => ({
  /** Reads only, so a retry is always safe. */
  async rotationVerdict(
    ctx: StepContext,
    { secrets }: RotationInput,
  ): Promise<ProbeVerdict<StartedRotation>> {
    const run = rotationId(ctx);
    if (await isStarted(workflowClient, run)) {
      return { state: 'in-place', now: `${run} has been started`, output: { run } };
    }
    const change = `start ${runbook} with ${secrets.join(', ')}, as a run of its own`;
    return { state: 'absent', now: 'not started', change };
  },

  /** One id for one migration, and the server takes an id once, so a retry starts nothing again. */
  async startRotation(ctx: StepContext, input: RotationInput): Promise<StartedRotation> {
    const attempt = currentAttempt();
    const run = rotationId(ctx);
    const request = requestOf(ctx, input);
    const answer = await checkRequest({ runbook, request });
    if ('refused' in answer) throw refusedRotation(answer.refused, input);
    await attempt.checkFence();
    await workflowClient
      .start(runbook, {
        ...{ workflowId: run, taskQueue, args: [request] },
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
      })
      .catch((error: unknown) => {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      });
    attempt.log(`started ${run}`);
    return { run };
  },
});

/** Of the execution as well: an id that was given by hand may name another run later. */
const rotationId = ({ run, execution }: StepContext): string =>
  `${runbook}-${run.replace(/^migrate-secrets-/, '')}-${execution.slice(-6)}`;

/** As somebody would start it by hand: gates and windows are asked by the run itself. */
const requestOf = ({ run, platform }: StepContext, input: RotationInput): RunRequest => ({
  platform,
  params: { secrets: input.secrets },
  meta: {
    ...(input.by === undefined ? {} : { by: input.by }),
    reason: `migrated by ${run}`.slice(0, 500),
    trigger: input.trigger,
  },
});

async function isStarted(
  client: RotationDependencies['workflowClient'],
  run: string,
): Promise<boolean> {
  try {
    await client.getHandle(run).describe();
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowNotFoundError') return false;
    throw error;
  }
}

const refusedRotation = (
  { code, what, why }: Extract<RequestAnswer, { refused: unknown }>['refused'],
  { secrets }: RotationInput,
) =>
  new RunbookError(code, `the rotation of what has moved cannot be started: ${what}`, {
    ...(why === undefined ? {} : { why }),
    fix: `put it right, then: runbook start ${runbook} --set secrets=${secrets.join(',')}`,
    retry: 'never',
  });
