import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { StepContext } from '../../src/shared/step-context.ts';
import { runWorker } from '../../src/worker/start.ts';

/**
 * The product's worker, which notes every activity call and dies where it is told to. In the folder that
 * RUNBOOK_CRASH_DIRECTORY names, `calls` takes the notes and `at` holds the points of death, one a line
 * (`before activity step verb`); a line goes before the process does, so it dies there once.
 */
const directory = process.env.RUNBOOK_CRASH_DIRECTORY ?? '';
const atFile = join(directory, 'at');

function wanted(): string[] {
  try {
    return readFileSync(atFile, 'utf8').split('\n');
  } catch {
    return [];
  }
}

function dieAt(point: string): void {
  const points = wanted();
  if (!points.includes(point)) return;
  writeFileSync(atFile, points.filter((other) => other !== point).join('\n'));
  process.kill(process.pid, 'SIGKILL');
}

const crash: ActivityInterceptorsFactory = (context) => ({
  inbound: {
    async execute(input, next) {
      const ctx = input.args[0] as Partial<StepContext> | undefined;
      const call = [context.info.activityType, ctx?.step ?? '-', ctx?.phase ?? '-'].join(' ');
      appendFileSync(join(directory, 'calls'), `${call}\n`);
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
