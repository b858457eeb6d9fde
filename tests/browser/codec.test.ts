import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { currentAttempt } from '../../src/activities/attempt.ts';
import { endpointOf, readToken } from '../../src/codec/endpoint.ts';
import { RunbookError } from '../../src/shared/errors.ts';
import { TemporalUi } from '../support/browser-temporal-ui.ts';
import { textWithBytes } from '../support/decoded-history.ts';
import { until } from '../support/until.ts';
import { ToyWorld, unlessAborted } from '../workflows/toy-world.ts';

const patience = { timeout: 60_000, interval: 400 };
const workflowId = 'seen';
const decision = { step: 'two', attempt: 1, action: 'undo', by: 'ann', why: 'canary decision' };

let world: ToyWorld;
let ui: TemporalUi;
beforeAll(async () => {
  world = await ToyWorld.open();
  ui = await TemporalUi.open(world.server.uiUrl, { width: 1400, height: 1200 });
});
afterAll(async () => {
  await ui?.close();
  await world?.close();
});

const page = () => ui.page.locator('main').innerText();
const raw = async () => {
  const { history } = await world.client.workflowService.getWorkflowExecutionHistory({
    namespace: 'default',
    execution: { workflowId },
  });
  return textWithBytes(history);
};

/** The heartbeats of the activities under way, decrypted. */
async function beats(): Promise<string> {
  const { pendingActivities } = await world.client.workflowService.describeWorkflowExecution({
    namespace: 'default',
    execution: { workflowId },
  });
  const payloads = pendingActivities?.flatMap(
    ({ heartbeatDetails }) => heartbeatDetails?.payloads ?? [],
  );
  const [codec] = world.client.options.loadedDataConverter.payloadCodecs;
  return textWithBytes(await codec?.decode(payloads ?? []));
}

test('what is typed into the form is encrypted, and shown as it was typed', async () => {
  const held = Promise.withResolvers<void>();
  world.on('one', 'act', async () => {
    currentAttempt().log('canary beat');
    await unlessAborted(held.promise);
  });
  world.on('two', 'act', () => {
    throw new RunbookError('TOY_HOPELESS', 'canary failure', { retry: 'never' });
  });
  await ui.start('two-steps', workflowId, '{"meta": {"reason": "canary input"}}');
  await until('the beat has arrived', async () => (await beats()).includes('canary beat'), 60_000);
  await ui.followStarted(workflowId);
  await expect.poll(page, patience).toContain('"canary input"');
  expect(await raw()).not.toContain('canary');
  await ui.page.getByRole('tab', { name: 'Pending Activities' }).click();
  await expect.poll(page, patience).toContain('canary beat');
  held.resolve();
});

test('summaries, failures and the current details are shown', async () => {
  await world.untilState(world.client.workflow.getHandle(workflowId), 'parked');
  await ui.openTab('User Metadata');
  await expect.poll(() => ui.currentDetails(), patience).toContain('TOY_HOPELESS canary failure');
  expect(await page()).toContain('two: act');
  await ui.openTab('History');
  const failed = 'TOY_HOPELESS in step two (its message is in encodedAttributes)';
  await ui.page.getByRole('table').getByText(failed).first().click();
  await expect.poll(page, patience).toContain('"message": "canary failure"');
});

test('a decision that is sent from the page is encrypted, and so is the report that it shows', async () => {
  const dialog = await ui.sendUpdate('decide', decision);
  await dialog.waitFor({ state: 'hidden' });
  await expect.poll(() => ui.status(), patience).toBe('Failed');
  await expect.poll(() => ui.result('start'), patience).toContain('"message": "Failed at');
  await expect.poll(() => ui.result('end'), patience).toContain('canary decision');
  expect(await raw()).not.toContain('canary');
});

test('a browser lets the page of the UI read the answer, and no other page that knows the token', async () => {
  const token = (await readToken(world.env.RUNBOOK_STATE_DIR)) ?? '';
  const endpoint = endpointOf(world.server.codec?.server.port ?? 0, token);
  const other = createServer((_, response) => response.end('<p>another page</p>'));
  await once(other.listen(0, '127.0.0.1'), 'listening');
  const { port } = other.address() as AddressInfo;
  // Unshielded, the browser itself asks, and keeps its rules.
  const browser = await TemporalUi.open(world.server.uiUrl, { width: 800, shielded: false });
  const asked = async (from: string) => {
    await browser.page.goto(from, { waitUntil: 'commit' });
    return browser.page.evaluate(async (url) => {
      const headers = { 'content-type': 'application/json', 'x-namespace': 'default' };
      const response = await fetch(url, { method: 'POST', headers, body: '{"payloads": []}' });
      return response.text();
    }, `${endpoint}/decode`);
  };
  try {
    // A network interface that comes or goes makes Chromium drop what is under way.
    const fromUi = expect.poll(() => asked(world.server.uiUrl).catch(String), patience);
    await fromUi.toBe('{"payloads":[]}');
    await expect(asked(`http://127.0.0.1:${port}`)).rejects.toThrow('Failed to fetch');
  } finally {
    await browser.close();
    other.close();
  }
});
