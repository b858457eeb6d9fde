import { TypedSearchAttributes } from '@temporalio/common';
import { expect, test } from 'vitest';
import type { Link } from '../../../src/client/connection.ts';
import { listRuns } from '../../../src/client/runs/list.ts';

/** A server that lists these executions. */
function server(...executions: readonly object[]): Link {
  const list = async function* () {
    yield* executions.map((facts) => ({
      type: 'deploy',
      typedSearchAttributes: new TypedSearchAttributes(),
      ...facts,
    }));
  };
  return { client: { workflow: { list } } } as unknown as Link;
}

const at = (minute: number) => new Date(Date.UTC(2026, 10, 24, 12, minute));

test('a run that was reset is one run: its latest execution stands for it', async () => {
  const ended = { name: 'TERMINATED' };
  const rows = await listRuns(
    server(
      { workflowId: 'one', status: ended, startTime: at(0) },
      { workflowId: 'one', status: { name: 'RUNNING' }, startTime: at(5) },
      { workflowId: 'two', status: ended, startTime: at(3), memo: { retryOf: 'one' } },
    ),
    { limit: 10 },
  );
  expect(rows.map(({ run, open }) => [run, open])).toEqual([
    ['one', true],
    ['two', false],
  ]);
  expect(rows[1]).toMatchObject({ state: 'terminated', retryOf: 'one' });
});
