import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RunReport } from '../../src/shared/report.ts';
import { keepScreenshot, launchBrowser, openWindow } from '../support/browser.ts';
import { PortHolder } from '../support/browser-port-holder.ts';
import { World } from '../support/world.ts';

interface Run {
  readonly report: RunReport;
  readonly url: string;
}

let world: World;
let browser: Browser;
let undone: Run;
let succeeded: Run;
beforeAll(async () => {
  world = await World.open({ platform: 'mini' });
  browser = await launchBrowser();
  const holder = await PortHolder.of(world.platform);
  undone = await deploy();
  await holder.end();
  succeeded = await deploy();
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

async function deploy(): Promise<Run> {
  const handle = await world.start('deploy', { meta: { by: 'ann', reason: 'a first look' } });
  const report = await world.report(handle);
  const runs = join(world.stateDirectory, 'runs');
  const folder = (await readdir(runs)).find((name) => name.startsWith(`${handle.workflowId}.`));
  return { report, url: pathToFileURL(join(runs, folder ?? '', 'report.html')).href };
}

describe('the HTML report', () => {
  let window: BrowserContext;
  let complaints: string[];
  let requests: string[];

  async function open({ url }: Run, width: number) {
    window = await openWindow(browser, { width });
    complaints = [];
    requests = [];
    const page = await window.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(url);
    return page;
  }
  afterEach(() => window.close());

  test('says first how the run ended, then what became of every step', async () => {
    const page = await open(succeeded, 1280);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Deploy the platform');
    const header = page.locator('header');
    expect(await header.textContent()).toMatch(/✓\s*Succeeded/);
    expect(await header.textContent()).toContain(succeeded.report.summary);
    for (const { title } of succeeded.report.steps) {
      await page.getByRole('cell', { name: title }).first().waitFor();
    }
    await keepScreenshot(page, 'report.png');
  });

  test('shows what failed, with its fix, and what was undone', async () => {
    const page = await open(undone, 1280);
    const header = page.locator('header');
    expect(await header.textContent()).toMatch(/↺\s*Failed and undone/);
    expect(await header.textContent()).toMatch(/RB_PORT_TAKEN.*is taken by node/);
    expect(await header.textContent()).toContain('end what holds port');
    await page.getByRole('row', { name: /Start db.*undone/ }).waitFor();
  });

  test.each(['that succeeded', 'that was undone'])('of a run %s fits a phone', async (which) => {
    const page = await open(which === 'that was undone' ? undone : succeeded, 400);
    const root = page.locator('html');
    const [content, view] = await root.evaluate((html) => [html.scrollWidth, html.clientWidth]);
    expect(content).toBeLessThanOrEqual(view ?? 0);
  });

  test('is complete in itself: it asks for nothing and complains about nothing', async () => {
    const page = await open(undone, 1280);
    await page.locator('footer').scrollIntoViewIfNeeded();
    expect(requests).toEqual([undone.url]);
    expect(complaints).toEqual([]);
  });
});
