import type { WorkflowHandle } from '@temporalio/client';
import type { ErrorFacts } from '../../src/shared/errors.ts';
import type { RunRequest } from '../../src/shared/run-request.ts';
import type { DecisionAction, RunState } from '../../src/shared/run-state.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

const atRest = ['parked', 'succeeded', 'failed', 'stopped', 'undone'];

/** Waits until a person is needed or the run is over. */
export const parkedOrOver = (world: World, run: WorkflowHandle): Promise<RunState> =>
  world.untilState(run, ({ state }) => atRest.includes(state), 180_000);

export const parkedErrors = ({ steps }: RunState): ErrorFacts[] =>
  steps.flatMap(({ status, error }) => (status === 'parked' && error ? [error] : []));

/** Decides so for every step that is parked, and waits until the run goes on. */
export async function decide(
  world: World,
  run: WorkflowHandle,
  action: DecisionAction,
  params?: RunRequest['params'],
): Promise<void> {
  const { steps } = await parkedOrOver(world, run);
  for (const { id, status, attempt } of steps) {
    if (status !== 'parked') continue;
    const about = { step: id, attempt, by: 'test', why: 'the cause is gone' };
    const decision = { ...about, action, ...(params && { params }) };
    await run.executeUpdate('decide', { args: [decision] });
  }
  await until(
    'it goes on',
    async () => (await world.untilState(run, () => true)).state !== 'parked',
  );
}

/** As a person does who has removed the cause: retry, as often as it parks. */
export async function retryUntilOver(world: World, run: WorkflowHandle): Promise<void> {
  while ((await parkedOrOver(world, run)).state === 'parked') await decide(world, run, 'retry');
}
