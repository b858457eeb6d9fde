import { proxyActivities } from '@temporalio/workflow';
import type { BoundActivities } from '../../src/workflows/engine/activities.ts';
import type { Run } from '../../src/workflows/engine/run.ts';
import { runbook } from '../../src/workflows/engine/runbook.ts';
import type { ToyActivities } from '../../tests/workflows/toy-runbooks.ts';

export { runbookLock as 'runbook-lock' } from '../../src/workflows/lock.ts';

const toy = (activities: BoundActivities) => activities as unknown as ToyActivities;

async function steps(run: Run, verbs: 'act' | 'all'): Promise<void> {
  for (let n = 1; n <= Number(run.params.steps); n += 1) {
    const act = (a: BoundActivities) => toy(a).toyAct({});
    await run.step<string>({
      id: `step-${n}`,
      title: `Step ${n}`,
      risk: 'reversible',
      act,
      ...(verbs === 'all'
        ? {
            probe: (a: BoundActivities) => toy(a).toyProbe({}),
            verify: (a: BoundActivities) => toy(a).toyVerify({}),
          }
        : {}),
    });
  }
}

const actOnly = runbook((run) => steps(run, 'act'));
const fullSteps = runbook((run) => steps(run, 'all'));

const { bareActivity } = proxyActivities<{ bareActivity(): Promise<string> }>({
  startToCloseTimeout: '10s',
  retry: { maximumAttempts: 1 },
});

/** What the SDK alone needs for as many activities. */
async function bare(activities: number): Promise<void> {
  for (let n = 0; n < activities; n += 1) await bareActivity();
}

export { actOnly as 'act-only', bare as 'bare', fullSteps as 'full-steps' };
