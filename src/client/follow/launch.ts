import { exitCodes } from '../../shared/exit-codes.ts';
import type { RunRequest } from '../../shared/run-request.ts';
import type { StartOptions } from '../commands/start.ts';
import { shellWord } from '../render/text.ts';
import type { Runs } from '../runs/api.ts';
import { newRunId } from '../runs/run-id.ts';
import { type ExitCode, note, respond, type Session } from '../session.ts';
import { follow } from './follow.ts';
import { tellEnd } from './tell-end.ts';

/** A request that the worker has accepted: its platform is named, whatever the worker's default becomes. */
export type LaunchRequest = RunRequest & { readonly platform: string };

export interface Launch {
  readonly options: StartOptions;
  readonly runs: Runs;
  readonly session: Session;
}

/** Refused here, a request has started nothing; refused by the run, it would stand among the runs as a failed one. */
export async function checked(
  runs: Runs,
  runbook: string,
  request: RunRequest,
): Promise<LaunchRequest> {
  await runs.requireWorker();
  return { ...request, platform: (await runs.check(runbook, request)).platform };
}

/** Starts the run and watches it, unless it is left to itself. */
export async function launch(
  { options, runs, session }: Launch,
  request: LaunchRequest,
): Promise<ExitCode> {
  const { runbook } = options;
  const run = options.id ?? newRunId(runbook, request.platform, session.clock.now());
  await runs.start(runbook, run, request);
  if (options.detach) return tellStarted(run, runbook, session);
  const exitOnPark = !session.terminal.stderr.isTTY;
  const ended = await follow(runs, run, session, { exitOnPark, timeoutMs: options.timeoutMs });
  return 'left' in ended ? ended.left : tellEnd(runs, run, ended, session);
}

function tellStarted(run: string, runbook: string, session: Session): ExitCode {
  respond(session, { run, runbook }, () => [run]);
  note(session, [`runbook watch ${shellWord(run)}`]);
  return exitCodes.done;
}
