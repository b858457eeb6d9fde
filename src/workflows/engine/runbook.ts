import { allHandlersFinished, condition, defineQuery, setHandler } from '@temporalio/workflow';
import { messages } from '../../shared/messages.ts';
import type { RunReport } from '../../shared/report.ts';
import type { ResolvedRun } from '../../shared/resolved-run.ts';
import { begin } from './begin.ts';
import { Decisions } from './decisions.ts';
import { buildReport, conclude, type Ending, endBadly, endWell } from './ending.ts';
import { LockClient } from './lock-client.ts';
import { countEnd } from './metrics.ts';
import { makePlan } from './plan.ts';
import { openProgress, resolve } from './resolve.ts';
import { Run, toTheEnd } from './run.ts';
import { Stop } from './stop.ts';
import { passWindow } from './window.ts';

const reportQuery = defineQuery<RunReport>(messages.report);

type Body = (run: Run) => Promise<void>;

/**
 * Makes a workflow of a runbook's body: resolves the input, takes the platform's lock, runs the steps, undoes
 * what a failure left behind, and returns the report (or fails with it).
 */
export function runbook(body: Body): (request?: unknown) => Promise<RunReport> {
  return async (request) => {
    const progress = openProgress();
    const decisions = new Decisions(progress);
    const stop = new Stop(progress);
    const resolved = await resolve(request, progress);
    const lock = new LockClient(resolved.locks, progress);
    const run = new Run(resolved, progress, decisions, lock);

    let ending: Ending;
    try {
      ending = await stop.scope.run(() => carryOut(run, resolved, lock, body));
      stop.throwIfCancelled();
    } catch (error) {
      ending = await toTheEnd(() => endBadly(run, resolved, stop, error));
    }
    stop.close();
    return await toTheEnd(() => finish(run, resolved, lock, ending));
  };
}

async function carryOut(
  run: Run,
  resolved: ResolvedRun,
  lock: LockClient,
  body: Body,
): Promise<Ending> {
  passWindow(run.progress, resolved, resolved.window);
  run.gates.announce();
  if (resolved.plan) {
    run.approvedPlan = await makePlan(run, resolved, body);
    return { outcome: 'planned', changed: false };
  }
  await begin({ run, resolved, lock, plan: () => makePlan(run, resolved, body) });
  run.progress.enter('running');
  await body(run);
  run.from.finish();
  return endWell(run);
}

/** Keeps the report, gives the lock back, and ends the workflow as its outcome says. */
async function finish(
  run: Run,
  resolved: ResolvedRun,
  lock: LockClient,
  ending: Ending,
): Promise<RunReport> {
  if (!resolved.plan) await lock.release();
  if (ending.error) run.progress.describe({ error: ending.error });
  run.progress.finish(ending.outcome);
  countEnd(resolved, ending.outcome);
  // A decision whose check still runs is answered before the run has gone.
  await condition(allHandlersFinished);
  const report = buildReport(run, resolved, ending);
  // A cancelled workflow has no result of its own, so the report can be asked for as well.
  setHandler(reportQuery, () => report, {
    description: 'The report of the run, once it has ended',
  });
  try {
    await run.engineActivities('report').saveReport({ report });
  } catch {
    // The report is this workflow's result all the same; only the copy in the state directory is missing.
  }
  await tellEnd(run, report);
  return conclude(report, ending);
}

async function tellEnd(run: Run, { run: id, outcome, summary, error }: RunReport): Promise<void> {
  await run.notifier.tell(outcome === 'succeeded' ? ['ended'] : ['failed', 'ended'], {
    state: outcome,
    summary,
    ...(error ? { error } : {}),
    commands: [`runbook report ${id}`],
  });
}
