import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunReport } from '../../src/shared/report.ts';
import { TemporalUi } from '../support/browser-temporal-ui.ts';
import { World } from '../support/world.ts';

/** For what the page shows in its own time. */
const patience = { timeout: 60_000, interval: 400 };
const workflowId = 'deploy-approved';

let world: World;
let ui: TemporalUi;
beforeAll(async () => {
  world = await World.open({ platform: 'mini' });
  await world.platform.edit('platform.yaml', (text) =>
    text.replace(
      'services:\n',
      'approvals: { approvers: [bob], always: { runbooks: [deploy] } }\nservices:\n',
    ),
  );
  ui = await TemporalUi.open(world.server.uiUrl, { width: 1280, height: 800 });
});
afterAll(async () => {
  await ui?.close();
  await world?.close();
});

test('a run from the form waits for approval and says how to give it', async () => {
  await ui.start('deploy', workflowId, '{"meta": {"by": "ann"}}');
  await ui.followStarted(workflowId);
  await ui.openTab('User Metadata');
  await expect.poll(() => ui.currentDetails(), patience).toContain('Waits for approval');
  const details = await ui.currentDetails();
  expect(details).toContain('0 of 1 approval given');
  expect(details).toContain(`runbook approve ${workflowId} start --why "..."`);
});

test('the starter is refused with the reason', async () => {
  const dialog = await ui.sendUpdate('approve', { ...(await pasted()), by: 'ann', why: 'mine' });
  const reason = 'ann is not one of the approvers: bob';
  await dialog.getByRole('alert').getByText(reason, { exact: true }).waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).last().click();
  await dialog.waitFor({ state: 'hidden' });
});

test('the JSON of the details, sent as an update by an approver, lets the run begin', async () => {
  await ui.sendUpdate('approve', { ...(await pasted()), by: 'bob', why: 'read the plan' });
  await ui.page.getByRole('log').getByText('Update successful').waitFor();
  await expect.poll(() => ui.currentDetails(), patience).toMatch(/^✓ Succeeded after/);
  const run = world.client.workflow.getHandle(workflowId);
  const report = (await run.result()) as RunReport;
  expect(report.gates).toMatchObject([
    { status: 'approved', answers: [{ by: 'bob', why: 'read the plan', identity: '' }] },
  ]);
});

/** The argument as a person would copy it. */
async function pasted(): Promise<object> {
  const [argument = ''] = /\{\s*"gate"[^}]*\}/.exec(await ui.currentDetails()) ?? [];
  return JSON.parse(argument) as object;
}
