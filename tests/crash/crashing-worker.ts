import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '@temporalio/activity';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { StepContext } from '../../src/shared/step-context.ts';
import { runWorker } from '../../src/worker/start.ts';

/**
 * The product's worker, which notes every activity call and dies, or stands still, where it is told to. In the folder
 * that RUNBOOK_CRASH_DIRECTORY names, `calls` takes the notes and `at` holds the points of death, one a line
 * (`before activity step verb`); a line goes before the process does, so it dies there once. At the point that `pause`
 * holds, the call makes `paused` and goes on when `pause` is gone. RUNBOOK_CRASH_RUNBOOK leaves all calls alone that other
 * runbooks make.
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

async function pauseAt(point: string, context: Context): Promise<void> {
  const pauseFile = join(directory, 'pause');
  const isHere = () => existsSync(pauseFile) && readFileSync(pauseFile, 'utf8') === point;
  if (existsSync(join(directory, 'paused')) || !isHere()) return;
  writeFileSync(join(directory, 'paused'), point);
  // A call that only stands still is not a lost one.
  for (; isHere(); await delay(50)) context.heartbeat();
}

const crash: ActivityInterceptorsFactory = (context) => ({
  inbound: {
    async execute(input, next) {
      const ctx = input.args[0] as Partial<StepContext> | undefined;
      const { RUNBOOK_CRASH_RUNBOOK: only = ctx?.runbook } = process.env;
      if (ctx?.runbook !== only) return next(input);
      const call = [context.info.activityType, ctx?.step ?? '-', ctx?.phase ?? '-'].join(' ');
      appendFileSync(join(directory, 'calls'), `${call}\n`);
      dieAt(`before ${call}`);
      await pauseAt(`before ${call}`, context);
      const output = await next(input);
      dieAt(`after ${call}`);
      await pauseAt(`after ${call}`, context);
      return output;
    },
  },
});

runWorker([crash]).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
