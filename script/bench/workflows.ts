import { proxyActivities } from '@temporalio/workflow';
import type { BoundActivities } from '../../src/workflows/engine/activities.ts';
import type { Run } from '../../src/workflows/engine/run.ts';
import { runbook } from '../../src/workflows/engine/runbook.ts';
import type { BenchActivities } from './bench-activities.ts';

export { runbookLock as 'runbook-lock' } from '../../src/workflows/lock.ts';

const bench = (activities: BoundActivities) => activities as unknown as BenchActivities;

async function steps(run: Run, verbs: 'act' | 'all'): Promise<void> {
  for (let n = 1; n <= Number(run.params.steps); n += 1) {
    await run.step({
      id: `step-${n}`,
      title: `Step ${n}`,
      risk: 'reversible',
      act: (a) => bench(a).benchAct(),
      ...(verbs === 'all'
        ? {
            probe: (a: BoundActivities) => bench(a).benchProbe(),
            verify: (a: BoundActivities) => bench(a).benchVerify(),
          }
        : {}),
    });
  }
}

const actOnly = runbook((run) => steps(run, 'act'));
const fullSteps = runbook((run) => steps(run, 'all'));

/** Waits for a person, as a run does whose step cannot work. */
const parked = runbook(async (run) => {
  await steps(run, 'all');
  await run.step({
    id: 'hopeless',
    title: 'Cannot work',
    risk: 'reversible',
    act: (a) => bench(a).benchFailure(),
  });
});

const { bareActivity } = proxyActivities<BenchActivities>({
  startToCloseTimeout: '10s',
  retry: { maximumAttempts: 1 },
});

/** What the SDK alone needs for as many activities. Returns when each began, in ms since 1970. */
async function bare(activities: number): Promise<number[]> {
  const beganMs: number[] = [];
  for (let n = 0; n < activities; n += 1) beganMs.push(await bareActivity());
  return beganMs;
}

export { actOnly as 'act-only', bare as 'bare', fullSteps as 'full-steps', parked as 'parked' };
