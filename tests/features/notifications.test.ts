import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Notification } from '../../src/shared/notification.ts';
import { Receiver } from '../support/receiver.ts';
import { historyText } from '../support/secret-leaks.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

const key = 'canary-signing-key';
let world: World;
let ops: Receiver;
let chat: Receiver;
beforeAll(async () => {
  [ops, chat] = await Promise.all([Receiver.open(), Receiver.open()]);
  world = await World.open({
    platform: 'mini',
    workerEnv: { OPS_URL: ops.url, OPS_KEY: key, CHAT_URL: chat.url },
  });
  await world.platform.edit('platform.yaml', (text) =>
    text.replace(
      'services:\n',
      `notify:
  ops: { url: OPS_URL, key: OPS_KEY }
  chat: { url: CHAT_URL, format: slack, on: [ended] }
services:
`,
    ),
  );
});
afterAll(async () => {
  await world.close();
  await Promise.all([ops.close(), chat.close()]);
});

test('who is named in the platform file is told of a park and of the end, signed and with the next command', async () => {
  await world.platform.edit('Dockerfile', (text) => `${text}\nRUN exit 7\n`);
  ops.answers.push(503);
  const run = await world.start('deploy', { options: { onFailure: 'park' } });
  await until(
    'the park was told, at the second try',
    async () => ops.received.length === 2,
    60_000,
  );
  const [first, second] = ops.received;
  expect(first?.headers['x-runbook-delivery']).toBe(second?.headers['x-runbook-delivery']);
  const parked = JSON.parse(second?.body ?? '') as Notification;
  expect(parked).toMatchObject({
    event: 'parked',
    run: run.workflowId,
    runbook: 'deploy',
    step: 'images',
    error: { code: 'RB_BUILD_FAILED' },
    commands: [
      `runbook status ${run.workflowId}`,
      `runbook decide ${run.workflowId} images --retry --why TEXT`,
    ],
  });
  const at = second?.headers['x-runbook-timestamp'];
  const signature = createHmac('sha256', key).update(`${at}.${second?.body}`).digest('hex');
  expect(second?.headers['x-runbook-signature']).toBe(`sha256=${signature}`);
  expect(chat.received).toEqual([]);

  await run.executeUpdate('stop', { args: [{ mode: 'undo', by: 'test', why: 'seen' }] });
  await until(
    'the end was told',
    async () => ops.received.length === 3 && chat.received.length === 1,
  );
  expect(JSON.parse(ops.received[2]?.body ?? '')).toMatchObject({
    event: 'failed',
    state: 'stopped',
  });
  const { text } = JSON.parse(chat.received[0]?.body ?? '') as { text: string };
  expect(text).toContain(`*${run.workflowId}*: Stopped`);
  expect(text).toContain(`\`runbook report ${run.workflowId}\``);
});

test('a receiver that refuses holds nothing up, and its address stands nowhere', async () => {
  chat.answers.push(404);
  await world.platform.edit('Dockerfile', (text) => text.replace('RUN exit 7', '# mended'));
  const run = await world.start('deploy');
  expect(await world.report(run)).toMatchObject({ outcome: 'succeeded' });
  const word = world.client.workflow.getHandle(`notify/${run.workflowId}/1`);
  await expect(word.result()).rejects.toMatchObject({
    cause: { type: 'RB_NOTIFICATION_REFUSED', message: 'chat answered 404' },
  });
  const history = await historyText(word);
  expect(history).not.toContain('token-77');
  expect(history).not.toContain(key);
});

test('a gate that opens is told, with the commands that answer it', async () => {
  await world.platform.edit('platform.yaml', (text) =>
    text.replace('services:\n', 'approvals: { always: { runbooks: [deploy] } }\nservices:\n'),
  );
  const run = await world.start('deploy', { meta: { by: 'ann' } });
  const told = await until(
    'the gate was told',
    async () => {
      const messages = ops.received.map(({ body }) => JSON.parse(body) as Notification);
      return messages.find(({ event }) => event === 'gate');
    },
    60_000,
  );
  expect(told).toMatchObject({
    state: 'waiting-for-approval',
    summary: '"Deploy the platform" needs 1 approval',
    commands: [
      `runbook status ${run.workflowId}`,
      `runbook approve ${run.workflowId} start --why TEXT`,
      `runbook reject ${run.workflowId} start --why TEXT`,
    ],
  });
  await run.executeUpdate('stop', { args: [{ mode: 'here', by: 'test', why: 'seen' }] });
  expect(await world.report(run)).toMatchObject({ outcome: 'stopped', changed: false });
});
