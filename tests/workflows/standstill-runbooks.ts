import { sleep, workflowInfo } from '@temporalio/workflow';
import { runbookLock } from '../../src/workflows/lock.ts';
import { 'two-steps' as twoSteps } from './toy-runbooks.ts';

interface Request {
  readonly params?: { readonly mendedAtMs?: number };
}

/** Code with a bug outside the steps, until the moment at which somebody is said to have mended it. */
const broken = async (request: Request) => {
  if (workflowInfo().unsafe.now() < (request.params?.mendedAtMs ?? Number.POSITIVE_INFINITY)) {
    throw new TypeError('x is not a function');
  }
  return twoSteps(request);
};

/** To a worker that has not seen the run yet it is other code: as after an update of the worker. */
const changed = async (request: Request) => {
  if (workflowInfo().unsafe.isReplaying) await sleep(1);
  return twoSteps(request);
};

export { broken as 'broken', changed as 'changed', runbookLock as 'runbook-lock' };
