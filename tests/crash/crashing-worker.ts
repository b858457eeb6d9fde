import { appendFileSync, closeSync, openSync } from 'node:fs';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { StepContext } from '../../src/shared/step-context.ts';
import { runWorker } from '../../src/worker/start.ts';

/**
 * The product's worker, which notes every activity call and dies at the one it is told to:
 * RUNBOOK_CRASH_RECORD names the file of notes, RUNBOOK_CRASH_AT a point (`before activity step phase`),
 * RUNBOOK_CRASH_ONCE a file that says, once it is there, that it has died already.
 */
const { RUNBOOK_CRASH_RECORD, RUNBOOK_CRASH_AT, RUNBOOK_CRASH_ONCE } = process.env;

/** True for the first caller ever, across processes. */
function first(): boolean {
  try {
    closeSync(openSync(RUNBOOK_CRASH_ONCE ?? '', 'wx'));
    return true;
  } catch {
    return false;
  }
}

function dieAt(point: string): void {
  if (point === RUNBOOK_CRASH_AT && first()) process.kill(process.pid, 'SIGKILL');
}

const crash: ActivityInterceptorsFactory = (context) => ({
  inbound: {
    async execute(input, next) {
      const ctx = input.args[0] as Partial<StepContext> | undefined;
      const call = [context.info.activityType, ctx?.step ?? '-', ctx?.phase ?? '-'].join(' ');
      if (RUNBOOK_CRASH_RECORD) appendFileSync(RUNBOOK_CRASH_RECORD, `${call}\n`);
      dieAt(`before ${call}`);
      const output = await next(input);
      dieAt(`after ${call}`);
      return output;
    },
  },
});

runWorker([crash]).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
