import { startGate } from '../../shared/gate.ts';
import type { Plan } from '../../shared/report.ts';
import type { ResolvedRun } from '../../shared/resolved-run.ts';
import type { LockClient } from './lock-client.ts';
import { countLockWait } from './metrics.ts';
import { refuseDrift } from './plan.ts';
import { type Run, toTheEnd } from './run.ts';
import { passWindow } from './window.ts';

interface Beginning {
  readonly run: Run;
  readonly resolved: ResolvedRun;
  readonly lock: LockClient;
  readonly plan: () => Promise<Plan>;
}

/**
 * All that stands before the first step: approvals where they are demanded, the locks, and under them the plan
 * once more when one was approved. A run that waits for people holds no lock, so that it keeps nobody waiting.
 */
export async function begin(beginning: Beginning): Promise<void> {
  const { run, resolved, lock, plan } = beginning;
  const { guardStart } = run.gates;
  let approved = resolved.planDigest;
  if (guardStart) {
    const first = await plan();
    if (approved !== undefined) refuseDrift(first, approved);
    approved = await approve(beginning, first);
  }
  for (;;) {
    await takeLocks(beginning);
    // Where a run begins is made sure of before its first act.
    if (approved === undefined && !run.from.isSet) return;
    run.approvedPlan = await plan();
    if (approved === undefined || run.approvedPlan.digest === approved) break;
    if (!guardStart) refuseDrift(run.approvedPlan, approved);
    await toTheEnd(() => lock.release());
    run.locks = [];
    approved = await approve(beginning, run.approvedPlan);
  }
  if (guardStart) run.gates.startApproved();
}

async function approve({ run, resolved }: Beginning, plan: Plan): Promise<string> {
  const { title, risk } = resolved;
  await run.gates.pass({ id: startGate, title, risk }, plan);
  return plan.digest;
}

async function takeLocks({ run, resolved, lock }: Beginning): Promise<void> {
  run.progress.enter('waiting-for-lock');
  const asked = new Date().toISOString();
  run.locks = await lock.acquire(run.engineActivities('lock'));
  countLockWait(resolved, asked);
  // Who waited past the end of the window has to wait for the next.
  const hasWaited = lock.waited || run.gates.guardStart;
  if (resolved.window?.open && hasWaited) {
    passWindow(run.progress, resolved, await run.engineActivities('window').checkWindow({}));
  }
}
