import { readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { expect } from 'vitest';
import type { ErrorFacts } from '../../src/shared/errors.ts';
import type { RunReport } from '../../src/shared/report.ts';
import type { RunState } from '../../src/shared/run-state.ts';
import type { PlatformCopy } from './platform-copy.ts';

/** Every run of these tests ends sooner, also on a busy machine. */
const deadlineMs = 120_000;

/** Why a run failed; checks that a person gets all four parts of it, and that the state says the same. */
export async function failureFacts(handle: WorkflowHandle): Promise<Required<ErrorFacts>> {
  const late = delay(deadlineMs, undefined, { ref: false });
  const ended = Promise.race([handle.result(), late.then(() => 'it goes on')]);
  const error: unknown = await ended.then(
    (result) => new Error(`the run did not fail: ${JSON.stringify(result)}`),
    (failure: unknown) => failure,
  );
  if (!(error instanceof WorkflowFailedError)) throw error;
  const { details = [], type } = error.cause as { details?: unknown[]; type?: string };
  const [detail] = details as [Partial<RunReport & { facts: ErrorFacts }>?];
  const facts = detail?.error ?? detail?.facts;
  const words = expect.stringMatching(/\S/);
  expect(facts).toEqual({ code: type, what: words, why: words, fix: words });
  const state = await handle.query<RunState>('state');
  expect(state.error).toEqual(facts);
  return facts as Required<ErrorFacts>;
}

/** Nothing of the platform exists: no container, network or volume, no environment, no secret. */
export async function expectUntouched(platform: PlatformCopy): Promise<void> {
  const written = ['.env', '.env.previous', '.secrets', 'effects'];
  expect({
    containers: await platform.containers(),
    networks: await platform.networks(),
    volumes: await platform.volumes(),
    files: (await readdir(platform.directory)).filter((name) => written.includes(name)),
  }).toEqual({ containers: [], networks: [], volumes: [], files: [] });
}
