import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '@temporalio/activity';
import { runDirectory } from '../../../src/activities/run-directory.ts';
import type { StepContext } from '../../../src/shared/step-context.ts';
import {
  type AttemptEnvironment,
  AttemptInterceptor,
} from '../../../src/worker/attempt-interceptor.ts';
import { testContext, testPlatform } from '../../activities/test-attempt.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface AttemptOptions {
  readonly ctx?: Partial<StepContext>;
  /** Instead of a context and an input. */
  readonly args?: unknown[];
  /** When the server scheduled it. */
  readonly atMs?: number;
  readonly heartbeatTimeoutMs?: number;
  readonly onBeat?: (details: unknown) => void;
}

const hidesCanary = async () => (text: string) => text.replaceAll('canary77', '[redacted]');

/** One run on one host: its attempts pass the interceptor as those of a worker do. */
export async function openRun(redactor: AttemptEnvironment['redactor'] = hidesCanary) {
  const state = await temporaryFolder();
  const directory = runDirectory(state, testContext.run, testContext.execution);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'platform.json'), JSON.stringify(testPlatform()));
  const environment = { stateDirectory: state, redactor };

  function attempt(work: () => Promise<unknown>, options: AttemptOptions = {}): Promise<unknown> {
    // The part of the SDK's context that the interceptor asks.
    const context = {
      info: {
        currentAttemptScheduledTimestampMs: options.atMs ?? 1000,
        heartbeatTimeoutMs: options.heartbeatTimeoutMs ?? 8000,
      },
      cancellationSignal: new AbortController().signal,
      heartbeat: (details: unknown) => options.onBeat?.(details),
    } as unknown as Context;
    const args = options.args ?? [{ ...testContext, ...options.ctx }, {}];
    const input = { args, headers: {} };
    return new AttemptInterceptor(context, environment).execute(input, work);
  }

  return { directory, attempt };
}
