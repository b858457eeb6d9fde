import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { expect, test } from 'vitest';
import {
  createRotationActivities,
  type RotationDependencies,
} from '../../../src/activities/migrate/start-rotation.ts';
import type { RequestAnswer } from '../../../src/shared/request-check.ts';
import { runAttempt, testAttempt, testContext } from '../test-attempt.ts';

const ctx = {
  ...testContext,
  ...{ run: 'migrate-secrets-mini-1', execution: '0199-abc123', platform: 'mini' },
};
const input = { secrets: ['a', 'b'], by: 'ann', trigger: 'cli' } as const;
const id = 'rotate-secrets-mini-1-abc123';

/** A server that takes an id once, as the real one does. */
function opened(answer: RequestAnswer = { platform: 'mini' }) {
  const started = new Map<string, unknown>();
  const checked: unknown[] = [];
  const workflowClient: RotationDependencies['workflowClient'] = {
    async start(type, { workflowId, args, workflowIdReusePolicy }) {
      expect(workflowIdReusePolicy).toBe('REJECT_DUPLICATE');
      if (started.has(workflowId))
        throw new WorkflowExecutionAlreadyStartedError('already', workflowId, type);
      started.set(workflowId, { type, request: args[0] });
    },
    getHandle: (workflowId) => ({
      async describe() {
        if (started.has(workflowId)) return;
        throw Object.assign(new Error('no'), { name: 'WorkflowNotFoundError' });
      },
    }),
  };
  const attempt = testAttempt();
  const a = createRotationActivities({
    workflowClient,
    async checkRequest(check) {
      checked.push(check);
      return answer;
    },
  });
  const call = <T>(work: () => Promise<T>) => runAttempt(attempt, work);
  return { a, call, started, checked, attempt };
}

test('starts one rotation for one migration, however often it is asked', async () => {
  const { a, call, started, attempt } = opened();
  expect(await call(() => a.rotationVerdict(ctx, input))).toEqual({
    ...{ state: 'absent', now: 'not started' },
    change: 'start rotate-secrets with a, b, as a run of its own',
  });
  expect(await call(() => a.startRotation(ctx, input))).toEqual({ run: id });
  expect(await call(() => a.startRotation(ctx, input))).toEqual({ run: id });
  expect([...started]).toEqual([
    [
      id,
      {
        type: 'rotate-secrets',
        request: {
          platform: 'mini',
          params: { secrets: ['a', 'b'] },
          meta: { by: 'ann', reason: 'migrated by migrate-secrets-mini-1', trigger: 'cli' },
        },
      },
    ],
  ]);
  const found = await call(() => a.rotationVerdict(ctx, input));
  expect(found).toMatchObject({ state: 'in-place', output: { run: id } });
  expect(attempt.fenceChecks()).toBeGreaterThan(0);
});

test('an id that is used again for another migration has a rotation of its own', async () => {
  const { a, call, started } = opened();
  await call(() => a.startRotation(ctx, input));
  await call(() => a.startRotation({ ...ctx, execution: '0199-def456' }, input));
  expect([...started.keys()]).toEqual([id, 'rotate-secrets-mini-1-def456']);
});

test('what would be refused from a terminal is refused here, and nothing is started', async () => {
  const refused = { code: 'RB_STARTER_UNKNOWN', what: 'who is it', why: 'nobody said', fix: '' };
  const { a, call, started, checked } = opened({ refused });
  const { by: _, ...unnamed } = input;
  await expect(call(() => a.startRotation(ctx, unnamed))).rejects.toMatchObject({
    ...{ code: 'RB_STARTER_UNKNOWN', retry: 'never' },
    fix: expect.stringContaining('runbook start rotate-secrets --set secrets=a,b'),
  });
  expect(checked).toMatchObject([{ runbook: 'rotate-secrets', request: { platform: 'mini' } }]);
  expect(JSON.stringify(checked)).not.toContain('"by"');
  expect(started.size).toBe(0);
});

test('a server that cannot be asked is no answer', async () => {
  const { call } = opened();
  const broken = createRotationActivities({
    checkRequest: async () => ({ platform: 'mini' }),
    workflowClient: {
      start: () => Promise.reject(new Error('unreachable')),
      getHandle: () => ({ describe: () => Promise.reject(new Error('unreachable')) }),
    },
  });
  await expect(call(() => broken.rotationVerdict(ctx, input))).rejects.toThrow('unreachable');
  await expect(call(() => broken.startRotation(ctx, input))).rejects.toThrow('unreachable');
});
