import type { RunRequest } from '../../shared/run-request.ts';
import type { RetryOptions } from '../commands/retry.ts';
import { CommandError } from '../errors.ts';
import { requireDefinition } from '../local/definitions.ts';
import { operator } from '../local/operator.ts';
import { shellWord } from '../render/text.ts';
import type { RunRow } from '../runs/api.ts';
import type { ExitCode, Session } from '../session.ts';
import { startRequest } from './start-run.ts';

/** Starts a run that has ended again, as a new one with the same input. */
export async function retryRun(options: RetryOptions, session: Session): Promise<ExitCode> {
  const runs = await session.connect();
  const row = await runs.find(options.run);
  if (row.open) throw stillOpen(row);
  if (row.plan) throw refused(row.run, 'it was only a plan', `runbook start ${row.runbook}`);
  const [definition, first] = await Promise.all([
    requireDefinition(row.runbook),
    runs.request(row.run),
  ]);
  if (first === undefined) {
    throw refused(row.run, 'its input was refused', `runbook start ${row.runbook}`);
  }
  if (options.from !== undefined) {
    const { requireStep } = await import('./retry-steps.ts');
    await requireStep({ runs, row, definition, session }, options.from);
  }
  const request = again(row, first, options);
  return startRequest({
    definition,
    request,
    options: {
      ...options,
      runbook: row.runbook,
      platform: request.platform,
      set: [],
      exitCode: false,
    },
    session,
  });
}

/**
 * The input of the first run, with its platform by name, since the worker's default may be another one now. What
 * was said for that one start is left out: its plan's approval, and why it might run outside the windows.
 */
function again(row: RunRow, first: RunRequest, options: RetryOptions): RunRequest {
  const { params, meta } = first;
  const platform = row.platform === '' ? first.platform : row.platform;
  const { onFailure } = first.options ?? {};
  const { from, outsideWindow, reason = meta?.reason } = options;
  return {
    ...(platform === undefined ? {} : { platform }),
    ...(params === undefined ? {} : { params }),
    options: {
      ...(onFailure === undefined ? {} : { onFailure }),
      ...(from === undefined ? {} : { from }),
      ...(outsideWindow === undefined ? {} : { outsideWindow }),
    },
    meta: {
      by: operator(),
      trigger: 'cli',
      retryOf: row.run,
      ...(reason === undefined ? {} : { reason }),
      ...(meta?.ticket === undefined ? {} : { ticket: meta.ticket }),
    },
  };
}

function stillOpen({ run, state }: RunRow): CommandError {
  const id = shellWord(run);
  return refused(
    run,
    `it is still open (${state})`,
    state === 'parked'
      ? `runbook decide ${id} --retry --why TEXT tries its step again; or end it with runbook stop ${id} --why TEXT`
      : `let it end, or end it with runbook stop ${id} --why TEXT`,
  );
}

function refused(run: string, why: string, fix: string): CommandError {
  return new CommandError('RB_RETRY_REFUSED', `${run} cannot be retried`, {
    why,
    fix,
    context: { run, changed: false },
  });
}
