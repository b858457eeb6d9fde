import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunReport } from '../../src/shared/report.ts';
import { keepScreenshot } from '../support/browser.ts';
import { PortHolder } from '../support/browser-port-holder.ts';
import { TemporalUi } from '../support/browser-temporal-ui.ts';
import { World } from '../support/world.ts';

/** For what the page shows in its own time. */
const patience = { timeout: 60_000, interval: 400 };

let world: World;
let ui: TemporalUi;
beforeAll(async () => {
  world = await World.open({ platform: 'mini' });
  ui = await TemporalUi.open(world.server.uiUrl, { width: 1280, height: 800 });
});
afterAll(async () => {
  await ui?.close();
  await world?.close();
});

const runOf = (workflowId: string) => world.client.workflow.getHandle(workflowId);

describe('an input that cannot be right', () => {
  test('ends the run, and the page says where it is wrong and what would be right', async () => {
    await ui.start('deploy', 'deploy-parameter', '{"params": {"nope": 1}}');
    await ui.followStarted('deploy-parameter');
    await expect.poll(() => ui.status(), patience).toBe('Failed');
    await expect
      .poll(() => ui.result('start'), patience)
      .toContain('params.nope: expected a known');
    await expect.poll(() => ui.result('end'), patience).toContain('give an object such as {');
  });

  test.each([
    ['a list', '[]', '(top): expected an object, got a list'],
    ['null', 'null', '(top): expected an object, got null'],
    ['text', '"x"', '(top): expected an object, got "x"'],
    ['a prototype', '{"__proto__": {}}', '__proto__: expected another key'],
    ['an unknown platform', '{"platform": "moon"}', 'platform: expected "mini-'],
  ])('is refused when it is %s', async (name, input, problem) => {
    const workflowId = `deploy-${name.replaceAll(' ', '-')}`;
    await ui.start('deploy', workflowId, input);
    const { message, fix } = await refusal(workflowId);
    expect(message).toContain(problem);
    expect(fix).toMatch(/^give an object such as \{"platform"/);
  });

  test('leaves the platform untouched', async () => {
    const { platform } = world;
    expect(await platform.containers()).toEqual([]);
    expect(await platform.volumes()).toEqual([]);
    expect(await platform.networks()).toEqual([]);
    await expect(platform.read('.env')).rejects.toThrow('ENOENT');
    await expect(platform.read('.secrets')).rejects.toThrow('ENOENT');
  });
});

async function refusal(workflowId: string): Promise<{ message: string; fix: string }> {
  const error = await runOf(workflowId)
    .result()
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(WorkflowFailedError);
  const { cause } = error as WorkflowFailedError;
  expect(cause).toBeInstanceOf(ApplicationFailure);
  const { message, details } = cause as ApplicationFailure;
  return { message, fix: (details as [{ facts: { fix: string } }])[0].facts.fix };
}

describe('a deploy that is started from the form', () => {
  test('shows its steps while it runs and its report when it has ended', async () => {
    // Long enough to be watched, however slow the page is.
    await world.platform.edit('platform.yaml', (text) => text.replace(/: 1s$/m, ': 10s'));
    await ui.start('deploy', 'deploy-first', '{}');
    await ui.followStarted('deploy-first');
    await ui.openTab('User Metadata');
    await expect.poll(() => ui.currentDetails(), patience).toMatch(/● running Watch for the/);
    expect(await ui.status()).toBe('Running');
    await ui.scrollToTop();
    await keepScreenshot(ui.page, 'temporal-ui.png');

    await expect.poll(() => ui.currentDetails(), patience).toMatch(/^✓ Succeeded after/);
    await expect.poll(() => ui.status(), patience).toBe('Completed');
    const report = (await runOf('deploy-first').result()) as RunReport;
    const lines = (await ui.currentDetails())
      .split('\n')
      .filter((line) => line.startsWith('✓ done'));
    expect(lines.map((line) => line.replace(/^✓ done (.*) · .*$/, '$1'))).toEqual(
      report.steps.map((step) => step.title),
    );
    await expect.poll(() => ui.result('start'), patience).toContain('"runbook": "deploy"');
    await expect.poll(() => ui.result('start'), patience).toContain(report.summary);
    await expect.poll(() => ui.result('end'), patience).toContain('health of web');
  });
});

describe('a deploy that is parked', () => {
  const workflowId = 'deploy-parked';
  const decision = { step: 'start-web', attempt: 1, by: 'ann', why: 'the port is free again' };
  let holder: PortHolder;

  beforeAll(async () => {
    await world.platform.wipe();
    await world.platform.edit('platform.yaml', (text) => text.replace(/: 10s$/m, ': 1s'));
    holder = await PortHolder.of(world.platform);
  });
  afterAll(() => holder?.end());

  test('says what failed, why, and what to do next', async () => {
    await ui.start('deploy', workflowId, '{"options": {"onFailure": "park"}}');
    await ui.followStarted(workflowId);
    await ui.openTab('User Metadata');
    await expect.poll(() => ui.currentDetails(), patience).toContain('Parked, needs a decision');
    const details = await ui.currentDetails();
    expect(details).toContain('Step start-web needs a decision.');
    expect(details).toMatch(/RB_PORT_TAKEN port \d+ of this host is taken by node/);
    expect(details).toContain('bind: address already in use');
    expect(details).toContain(`runbook decide ${workflowId} start-web --retry --why "..."`);
    const [argument] = /\{\s*"step"[^}]*\}/.exec(details) ?? [];
    expect(JSON.parse(argument ?? '')).toMatchObject({ step: 'start-web', attempt: 1 });
  });

  test('refuses a decision about another attempt and says why', async () => {
    const stale = { ...decision, attempt: 7, action: 'retry' };
    const dialog = await ui.sendUpdate('decide', stale);
    const reason = 'stale decision: step start-web is at attempt 1, not 7';
    await dialog.getByRole('alert').getByText(reason, { exact: true }).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).last().click();
    await dialog.waitFor({ state: 'hidden' });
    expect(await ui.currentDetails()).toContain('Parked, needs a decision');
  });

  test('goes on to its end once the cause is mended and somebody decides so', async () => {
    await holder.end();
    const dialog = await ui.sendUpdate('decide', { ...decision, action: 'retry' });
    await ui.page.getByRole('log').getByText('Update successful').waitFor();
    await dialog.waitFor({ state: 'hidden' });
    await expect.poll(() => ui.currentDetails(), patience).toMatch(/^✓ Succeeded after/);
    await expect.poll(() => ui.status(), patience).toBe('Completed');
    await ui.openTab('History');
    await ui.page.getByRole('table').getByText('retry start-web').first().waitFor();
    const report = (await runOf(workflowId).result()) as RunReport;
    const { step, by, why } = decision;
    expect(report.decisions).toMatchObject([{ step, action: 'retry', by, why }]);
  });
});
