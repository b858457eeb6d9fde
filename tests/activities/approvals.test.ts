import { expect, test } from 'vitest';
import { createApprovalActivities, type HistoryClientApi } from '../../src/activities/approvals.ts';
import { limits } from '../../src/shared/limits.ts';
import { testContext } from './test-attempt.ts';

type Page = Awaited<
  ReturnType<HistoryClientApi['workflowService']['getWorkflowExecutionHistoryReverse']>
>;
type Events = NonNullable<NonNullable<Page['history']>['events']>;

const accepted = (updateId: string, identity: string): Events[number] => ({
  workflowExecutionUpdateAcceptedEventAttributes: {
    acceptedRequest: { meta: { updateId, identity } },
  },
});
const admitted = (updateId: string, identity: string): Events[number] => ({
  workflowExecutionUpdateAdmittedEventAttributes: { request: { meta: { updateId, identity } } },
});

/** A server with these pages of history, newest first; the last token leads nowhere. */
function historyOf(pages: readonly Events[]) {
  const asked: number[] = [];
  const activities = createApprovalActivities({
    options: { namespace: 'default' },
    workflowService: {
      async getWorkflowExecutionHistoryReverse({ nextPageToken }) {
        const index = nextPageToken?.[0] ?? 0;
        asked.push(index);
        const isLast = index === pages.length - 1;
        return {
          history: { events: pages[index] ?? [] },
          nextPageToken: isLast ? new Uint8Array() : new Uint8Array([index + 1]),
        };
      },
    },
  });
  const identities = (...updates: string[]) =>
    activities.updateIdentities(testContext, { updates });
  return { identities, asked };
}

test('finds who sent an update, also one that a reset has taken along', async () => {
  const { identities } = historyOf([[{}, accepted('u1', 'ann@desk'), admitted('u2', 'bob@desk')]]);
  expect(await identities('u1', 'u2')).toEqual({ u1: 'ann@desk', u2: 'bob@desk' });
});

test('a client that gave no identity is told from one that was not found', async () => {
  const { identities } = historyOf([[accepted('u1', '')]]);
  expect(await identities('u1', 'u2')).toEqual({ u1: '' });
});

test('reads no further back than it has to', async () => {
  const { identities, asked } = historyOf([[{}], [accepted('u1', 'ann')], [{}]]);
  expect(await identities('u1')).toEqual({ u1: 'ann' });
  expect(asked).toEqual([0, 1]);
});

test('gives up in a history without end', async () => {
  const pages = Array.from({ length: 100 }, () => [{}]);
  const { identities, asked } = historyOf(pages);
  expect(await identities('u1')).toEqual({});
  expect(asked.length).toBe(limits.identityEvents / 250);
});
