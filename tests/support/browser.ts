import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const flags = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
];

/** How long an element may take to be there on a machine that has better things to do. */
const patienceMs = 30_000;

/** Debian's Chromium with a profile of its own, which goes when it is closed. One launch a test file. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: flags });
}

export interface WindowOptions {
  readonly width: number;
  readonly height?: number;
  readonly scale?: number;
}

export async function openWindow(
  browser: Browser,
  { width, height = 1000, scale = 1 }: WindowOptions,
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: scale,
    colorScheme: 'light',
    serviceWorkers: 'block',
  });
  context.setDefaultTimeout(patienceMs);
  return context;
}

/**
 * Chromium drops every request under way when a network interface comes or goes (ERR_NETWORK_CHANGED), which
 * is what a deploy does. So this process asks in its stead; it does not mind.
 */
export async function shieldFromNetworkChanges(context: BrowserContext): Promise<void> {
  await context.route(/^http/, async (route) => {
    // The UI's long poll for new events is answered in its own time.
    await route.fulfill({ response: await route.fetch({ timeout: 0 }) });
  });
}

/** Whatever is still asked for is dropped without a word. */
export async function closeWindow(context: BrowserContext): Promise<void> {
  await context.unrouteAll({ behavior: 'ignoreErrors' });
  await context.close();
}

const images = join(import.meta.dirname, '..', '..', 'docs', 'images');

/** Takes the README's picture anew when RUNBOOK_SCREENSHOTS is set; a test run alone changes no file. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  if (!process.env.RUNBOOK_SCREENSHOTS) return;
  await page.screenshot({ path: join(images, name), animations: 'disabled' });
}
