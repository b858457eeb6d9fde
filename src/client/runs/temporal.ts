import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { messages, serviceWorkflows, taskQueue } from '../../shared/messages.ts';
import type { RequestAnswer, RequestCheck } from '../../shared/request-check.ts';
import type { LogRequest, RunLog } from '../../shared/run-log.ts';
import type { RunRequest } from '../../shared/run-request.ts';
import type { RunState } from '../../shared/run-state.ts';
import { type ConnectionFlags, type Link, openLink } from '../connection.ts';
import { CommandError, knownError } from '../errors.ts';
import { createSchedules } from '../schedules/temporal.ts';
import type { Environment } from '../terminal.ts';
import type { Runs } from './api.ts';
import { ask } from './ask.ts';
import { endOf } from './end.ts';
import { executionOf } from './execution-of.ts';
import { findRun } from './find.ts';
import { listRuns } from './list.ts';
import { breakLock, listLocks } from './locks.ts';
import { hasWorker } from './pollers.ts';
import { refusedRequest } from './refused-request.ts';
import { requestOf } from './request-of.ts';
import { call, noWorker } from './rpc.ts';
import { createSecrets } from './secrets.ts';
import { sendUpdate } from './send-update.ts';
import { askService, serviceDeadlineMs } from './service.ts';
import { sweepDeadlineMs, sweepRun } from './sweep.ts';

/** The runs behind a Temporal address. */
export async function connectRuns(flags: ConnectionFlags, env: Environment): Promise<Runs> {
  return createRuns(await openLink(flags, env));
}

function createRuns(link: Link): Runs {
  const { client, address, namespace } = link;
  const handle = (run: string) => client.workflow.getHandle(run);
  return {
    address,
    namespace,
    async requireWorker() {
      if (!(await hasWorker(link))) throw noWorker();
    },
    async start(runbook, run, request) {
      await call(link, { answerer: 'server', run }, () =>
        client.workflow
          .start(runbook, {
            workflowId: run,
            taskQueue,
            args: [request],
            // An id names one run for ever: a second one would hide the report of the first.
            workflowIdReusePolicy: 'REJECT_DUPLICATE',
          })
          .catch((error: unknown) => {
            throw error instanceof WorkflowExecutionAlreadyStartedError ? runExists(run) : error;
          }),
      );
    },
    request: (run) => call(link, { answerer: 'server', run }, () => requestOf(link, run)),
    sweep: (run, request) =>
      call(link, { answerer: 'worker', run, deadlineMs: sweepDeadlineMs }, () =>
        sweepRun(link, run, request),
      ),
    find: (run) => call(link, { answerer: 'server', run }, () => findRun(link, run)),
    state: (run) => ask(link, run, () => handle(run).query<RunState, []>(messages.state)),
    end: (run) => call(link, { answerer: 'server', run }, () => endOf(handle(run))),
    list: (filter) => call(link, { answerer: 'server' }, () => listRuns(link, filter)),
    decide: (run, decision) => update(link, run, messages.decide, decision),
    async stop(run, request) {
      await update(link, run, messages.stop, request);
    },
    async hold(run, request) {
      await update(link, run, messages.hold, request);
    },
    async release(run, request) {
      await update(link, run, messages.release, request);
    },
    async answerGate(run, action, order) {
      await update(link, run, messages[action], order);
    },
    locks: () => call(link, { answerer: 'worker' }, () => listLocks(link)),
    breakLock: (key, request) =>
      call(link, { answerer: 'worker' }, () => breakLock(link, key, request)),
    check: (runbook, request) =>
      call(link, { answerer: 'worker' }, () => checkRequest(link, runbook, request)),
    log: (run, step) =>
      call(link, { answerer: 'worker', run, deadlineMs: serviceDeadlineMs }, () =>
        readLog(link, run, step),
      ),
    schedules: createSchedules(link),
    secrets: createSecrets(link),
    close: () => link.close(),
  };
}

async function readLog(link: Link, run: string, step: string | undefined): Promise<RunLog> {
  const { execution } = await executionOf(link.client, run);
  const request: LogRequest = { run, execution, ...(step === undefined ? {} : { step }) };
  return askService(link, { type: serviceWorkflows.readLog, id: `read-log/${run}` }, request);
}

async function checkRequest(link: Link, runbook: string, request: RunRequest) {
  const service = { type: serviceWorkflows.checkRequest, id: `check-request/${runbook}` };
  const check: RequestCheck = { runbook, request };
  const answer = await askService<RequestAnswer>(link, service, check);
  if (!('refused' in answer)) return answer;
  throw knownError(refusedRequest(runbook, answer.refused), { changed: false });
}

const update = (link: Link, run: string, name: Order, argument: object): Promise<string> =>
  ask(link, run, () => sendUpdate(link, run, name, argument, (why) => refused(run, name, why)));

const refusals = {
  decide: ['RB_DECISION_REFUSED', 'the decision'],
  stop: ['RB_STOP_REFUSED', 'to stop'],
  hold: ['RB_HOLD_REFUSED', 'to be held'],
  release: ['RB_HOLD_REFUSED', 'to be released'],
  approve: ['RB_APPROVAL_REFUSED', 'the approval'],
  reject: ['RB_APPROVAL_REFUSED', 'the rejection'],
} as const;
type Order = keyof typeof refusals;

function refused(run: string, name: Order, why: string): CommandError {
  const [code, what] = refusals[name];
  return new CommandError(code, `the run refused ${what}`, {
    why,
    fix: `see what it waits for with runbook status ${run}`,
    context: { run, changed: false },
  });
}

function runExists(run: string): CommandError {
  return new CommandError('RB_RUN_EXISTS', `there is a run with the id ${run} already`, {
    why: 'an id names one run: a second one would hide the report of the first',
    fix: `choose another id with --id, or see that one with runbook status ${run}`,
    context: { run, changed: false },
  });
}
