import { shellWord } from '../render/text.ts';
import type { Trouble } from './api.ts';
import type { TaskFailure } from './task-failure.ts';

/** Named by what the server calls it, so that it is found in the Temporal UI and its documentation. */
export const failingCode = 'RB_WORKFLOW_TASK_FAILING';

/**
 * Workflow code that throws, or that does not match the run's history, fails no run: the server hands
 * out the same task again and again until a worker can do it.
 */
export function failingTask(
  run: string,
  { message, stack }: Pick<TaskFailure, 'message' | 'stack'>,
): Trouble {
  if (isMismatch(message)) return mismatch(run, message);
  const [, key] = /encrypted with the key (\S+), which is not known/.exec(message) ?? [];
  if (key !== undefined) return lacksKey(key, message);
  return {
    code: failingCode,
    what: 'the run stands still: its workflow code fails',
    why: [message, placeOf(stack)].filter((part) => part !== '').join(', '),
    fix:
      'correct the worker and start it again: the run goes on by itself. Until then it takes no ' +
      'decision and no stop',
  };
}

/** A worker of another version: what its code does is not what the history says was done. */
function mismatch(run: string, message: string): Trouble {
  return {
    code: failingCode,
    what: 'the run stands still: the workflow code of the worker does not match its history',
    why: message,
    fix:
      'start the worker in the version that the run began with, and it goes on by itself. Or ' +
      'begin it again in this version, which finds in place what was done: ' +
      `temporal workflow reset --workflow-id ${shellWord(run)} --type FirstWorkflowTask --reason TEXT`,
  };
}

/** The words of the codec: its error comes from the worker as text. */
function lacksKey(key: string, message: string): Trouble {
  return {
    code: failingCode,
    what: 'the run stands still: its worker cannot decrypt it',
    why: message,
    fix: `bring the line that begins with ${key} into the worker's key file, from a backup or from where the run was started: it goes on by itself`,
  };
}

/** The history says nothing: every worker that took the task was gone, or silent, before it answered. */
export function unansweredTask(): Trouble {
  return {
    code: failingCode,
    what: 'the run stands still: workers take its workflow task and do not answer',
    why: 'they end or hang in it, or the machine is too busy; the history holds no message',
    fix: 'read the log of the worker (of up: logs/worker.log in the state directory), start it again',
  };
}

/** The words of the SDK: the query of a run at rest fails with them as well. */
const isMismatch = (message: string) => /TMPRL1100|nondeterminism/i.test(message);

/** Where in the code, of the first frame of a stack. */
function placeOf(stack: string): string {
  return /^\s*(at .+)$/m.exec(stack)?.[1] ?? '';
}
