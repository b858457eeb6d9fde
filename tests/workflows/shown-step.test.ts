import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { RunbookError } from '../../src/shared/errors.ts';
import { searchAttributeKeys } from '../../src/shared/search-attribute-keys.ts';
import { until } from '../support/until.ts';
import { ToyWorld } from './toy-world.ts';

let world: ToyWorld;
beforeAll(async () => {
  world = await ToyWorld.open();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

async function untilShown(runId: string, step: string): Promise<void> {
  await until(`the step ${step} is shown`, async () => {
    const { typedSearchAttributes } = await world.client.workflow.getHandle(runId).describe();
    return typedSearchAttributes.get(searchAttributeKeys.step) === step;
  });
}

test('of steps side by side the one that goes on is shown, not the one that has ended', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  world.on('left', 'act', () => held);
  const handle = await world.start('diamond');
  await until('right has ended', async () => {
    const { steps } = await world.stateOf(handle);
    return steps.some(({ id, status }) => id === 'right' && status === 'done');
  });
  await untilShown(handle.workflowId, 'left');
  release();
  await world.report(handle);
  await untilShown(handle.workflowId, 'bottom');
});

test('a step that waits for a person is shown before one that goes on', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  world.on('left', 'act', () => held);
  world.on('right', 'act', () => {
    throw new RunbookError('TOY_HOPELESS', 'no', { retry: 'never' });
  });
  const handle = await world.start('diamond');
  await world.untilState(handle, 'parked');
  await untilShown(handle.workflowId, 'right');
  release();
  await handle.executeUpdate('stop', { args: [{ mode: 'here', by: 'ann', why: 'enough' }] });
  expect((await world.report(handle)).outcome).toBe('stopped');
});

test('steps that pass at once cost no write of the list of runs', async () => {
  const handle = await world.start('fan', { params: { targets: 'a,b,c,d,e' } });
  await world.report(handle);
  const { events } = await handle.fetchHistory();
  const shown = (events ?? [])
    .map((event) => event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes)
    .flatMap((written) => written?.indexedFields?.[searchAttributeKeys.step.name] ?? [])
    .map(({ data }) => Buffer.from(data ?? []).toString());
  expect(shown).toEqual(['""', '"after"']);
  await untilShown(handle.workflowId, 'after');
});
