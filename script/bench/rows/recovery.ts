import type { WorkflowHandle } from '@temporalio/client';
import { restartDelayMs } from '../../../src/client/up/keep-alive.ts';
import { World } from '../../../tests/support/world.ts';
import type { Figure, Row } from '../measure.ts';

const step = 'start-db';

/** The worker dies by SIGKILL while a step is under way and is started again as soon as `up` would. */
export const recovery: Row = {
  name: 'recovery',
  what: 'a worker killed in the middle of a step',
  measure: async (quick) => {
    const world = await World.open({ platform: 'mini' });
    try {
      const seconds: number[] = [];
      for (let round = 0; round < (quick ? 1 : 4); round += 1) {
        await world.fresh();
        seconds.push((await killedMidStepMs(world)) / 1000);
      }
      return [
        {
          what: 'worker killed mid-step, the run goes on',
          value: Math.max(...seconds),
          unit: 's',
          budget: { atMost: 15 },
          detail: `the longest of ${seconds.map((value) => `${value.toFixed(1)} s`).join(', ')}`,
        },
      ] satisfies Figure[];
    } finally {
      await world.close();
    }
  },
};

/** From the kill to the first attempt of anything after it. */
async function killedMidStepMs(world: World): Promise<number> {
  const handle = await world.start('deploy');
  const isRunning = (id: string, status: string) => id === step && status === 'running';
  await world.untilState(handle, ({ steps }) => steps.some((s) => isRunning(s.id, s.status)));
  const killedMs = Date.now();
  await world.worker.kill();
  await new Promise((resolve) => setTimeout(resolve, restartDelayMs(1)));
  world.worker.spawn();
  const { outcome, summary } = await world.report(handle);
  if (outcome !== 'succeeded') throw new Error(summary);
  return (await firstAttemptAfterMs(handle, killedMs)) - killedMs;
}

async function firstAttemptAfterMs(handle: WorkflowHandle, ms: number): Promise<number> {
  const { events } = await handle.fetchHistory();
  const startedMs = (events ?? [])
    .filter(({ activityTaskStartedEventAttributes }) => activityTaskStartedEventAttributes)
    .map(({ eventTime }) => Number(eventTime?.seconds) * 1000 + Number(eventTime?.nanos) / 1e6);
  return Math.min(...startedMs.filter((started) => started > ms));
}
