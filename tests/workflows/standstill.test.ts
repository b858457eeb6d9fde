import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { follow } from '../../src/client/follow/follow.ts';
import type { Runs } from '../../src/client/runs/api.ts';
import { connectRuns } from '../../src/client/runs/temporal.ts';
import { RunbookError } from '../../src/shared/errors.ts';
import { recordSession } from '../client/support/recorder.ts';
import { until } from '../support/until.ts';
import { ToyWorld } from './toy-world.ts';

let world: ToyWorld;
let runs: Runs;
beforeAll(async () => {
  world = await ToyWorld.open(join(import.meta.dirname, 'standstill-runbooks.ts'));
  runs = await connectRuns({ address: world.server.address }, world.env);
});
afterAll(async () => {
  await runs.close();
  await world.close();
});
beforeEach(() => world.reset());

const failing = 'RB_WORKFLOW_TASK_FAILING';

test('a run whose code throws is told with the message, and goes on once the code is mended', async () => {
  const mendedAtMs = Date.now() + 3000;
  const { workflowId } = await world.start('broken', { params: { mendedAtMs } });
  const row = await until('the server knows of the failure', async () => {
    const found = await runs.find(workflowId);
    return found.trouble && found;
  });
  expect(row).toMatchObject({
    open: true,
    trouble: {
      code: failing,
      why: expect.stringMatching(/^x is not a function, at broken /),
      attempts: expect.any(Number),
    },
  });
  const { session, stderr } = recordSession();
  const ended = await follow(runs, workflowId, session, { exitOnPark: false });
  expect(ended).toMatchObject({ report: { outcome: 'succeeded' } });
  expect(stderr.text.match(/RB_\w+/g)).toEqual([failing]);
  expect(stderr.text.match(/answers again/g)).toHaveLength(1);
});

test('a run whose code fails from its first moment is listed', async () => {
  const handle = await world.start('broken');
  const listed = await until('it is listed', async () =>
    (await runs.list({ open: true, limit: 10 })).find(({ run }) => run === handle.workflowId),
  );
  expect(listed).toMatchObject({ runbook: 'broken', state: 'resolving' });
  await handle.terminate();
});

test('what does not match the code of a new worker is told, takes no decision, and goes on after a reset', async () => {
  world.on('two', 'act', () => {
    throw new RunbookError('TOY_HOPELESS', 'it cannot work', { retry: 'never' });
  });
  const handle = await world.start('changed');
  const { workflowId } = handle;
  await world.untilState(handle, 'parked');
  await world.stopWorker();
  await world.startWorker();
  const mismatch = {
    code: failing,
    message: expect.stringContaining('does not match its history'),
    why: expect.stringContaining('TMPRL1100'),
  };
  // At rest no task fails: only the question shows that this worker cannot answer.
  await expect(runs.state(workflowId)).rejects.toMatchObject(mismatch);
  expect(await runs.find(workflowId)).not.toHaveProperty('trouble');
  const decision = { step: 'two', attempt: 1, action: 'retry', by: 'ann', why: 'x' } as const;
  await expect(runs.decide(workflowId, decision)).rejects.toMatchObject(mismatch);
  expect(await runs.find(workflowId)).toMatchObject({ trouble: { code: failing } });

  world.on('two', 'act', () => undefined);
  const { events } = await handle.fetchHistory();
  const first = events?.find((event) => event.workflowTaskCompletedEventAttributes);
  await world.client.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId, runId: (await handle.describe()).runId },
    reason: 'the way that the fix of the warning names',
    requestId: workflowId,
    workflowTaskFinishEventId: first?.eventId ?? null,
  });
  const report = await world.report(world.client.workflow.getHandle(workflowId));
  expect(report).toMatchObject({ outcome: 'succeeded' });
});

test('a question that waits for a worker does not hold up whoever leaves', async () => {
  const { workflowId } = await world.start('broken');
  await world.stopWorker();
  const leaving = await connectRuns({ address: world.server.address }, world.env);
  const asked = leaving.state(workflowId).then(
    () => 'answered',
    () => 'given up',
  );
  const startedMs = performance.now();
  await leaving.close();
  expect(await asked).toBe('given up');
  expect(performance.now() - startedMs).toBeLessThan(2000);
  await world.startWorker();
});
