import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { taskQueue } from '../../src/shared/messages.ts';
import {
  closeWindow,
  launchBrowser,
  openWindow,
  shieldFromNetworkChanges,
  type WindowOptions,
} from './browser.ts';

/** Temporal's UI as a person uses it: the start form, a run's page, its current details, its updates. */
export class TemporalUi {
  readonly page: Page;
  private readonly url: string;
  private readonly browser: Browser;
  private readonly context: BrowserContext;

  private constructor(url: string, browser: Browser, context: BrowserContext, page: Page) {
    this.url = url;
    this.browser = browser;
    this.context = context;
    this.page = page;
  }

  /** Unshielded, the browser itself asks, and keeps its rules about what a page may read of others. */
  static async open(
    uiUrl: string,
    { shielded = true, ...window }: WindowOptions & { readonly shielded?: boolean },
  ): Promise<TemporalUi> {
    const browser = await launchBrowser();
    const context = await openWindow(browser, window);
    if (shielded) await shieldFromNetworkChanges(context);
    return new TemporalUi(uiUrl, browser, context, await context.newPage());
  }

  async close(): Promise<void> {
    await closeWindow(this.context);
    await this.browser.close();
  }

  /** Follows a prefilled link to the form, types the input, and starts the run. */
  async start(runbook: string, workflowId: string, input: string): Promise<void> {
    const query = new URLSearchParams({ workflowType: runbook, taskQueue, workflowId });
    await this.goto(`workflows/start-workflow?${query}`);
    await this.page.getByText('Task Queue is Active').waitFor();
    await this.type(this.page.locator('main'), input);
    await this.page.getByRole('button', { name: 'Start Workflow' }).click();
    await this.startedLink(workflowId).waitFor();
  }

  /** The form's answer links to the run. */
  async followStarted(workflowId: string): Promise<void> {
    await this.startedLink(workflowId).click();
    await this.heading(workflowId).waitFor();
  }

  async openTab(name: 'History' | 'User Metadata'): Promise<void> {
    await this.page.getByRole('tab', { name }).click();
  }

  /** The current details as they are now: the page does not follow, the key R asks again. */
  async currentDetails(): Promise<string> {
    await this.page.keyboard.press('r');
    const body = this.page.frameLocator('iframe').locator('body');
    await body.locator('p').first().waitFor();
    return (await body.allInnerTexts()).join('');
  }

  /** The badge beside the workflow id; the words occur further down too, for activities. */
  async status(): Promise<string> {
    const words = /^\s*(Running|Completed|Failed|Canceled|Terminated|Timed Out)\s*$/;
    const badge = this.page.locator('main').getByText(words).first();
    return (await badge.textContent())?.trim() ?? '';
  }

  /** A part of the run's result or failure, scrolled to as a person would: the page holds only what is in view. */
  async result(part: 'start' | 'end'): Promise<string> {
    await this.openTab('History');
    const shown = this.page.locator('main .cm-scroller').filter({ hasText: '{' });
    const result = shown.nth(1);
    const top = part === 'start' ? 0 : Number.MAX_SAFE_INTEGER;
    await result.evaluate((editor, position) => editor.scrollTo(0, position), top);
    return (await result.textContent()) ?? '';
  }

  /** Sends an update from the menu "More Actions"; the dialog stays open when it is refused. */
  async sendUpdate(name: string, argument: unknown): Promise<Locator> {
    await this.page.getByRole('button', { name: 'More Actions' }).click();
    await this.page.getByRole('menuitem', { name: 'Send an Update' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Send an Update' });
    await dialog.getByRole('button', { name: 'Select an Update' }).click();
    await dialog.getByRole('option', { name }).click();
    await this.type(dialog, JSON.stringify(argument));
    await dialog.getByRole('button', { name: 'Submit' }).click();
    return dialog;
  }

  scrollToTop(): Promise<void> {
    return this.page.getByTestId('back-to-workflows').scrollIntoViewIfNeeded();
  }

  private async goto(path: string): Promise<void> {
    // The page never goes quiet: what follows waits for elements.
    await this.page.goto(`${this.url}/namespaces/default/${path}`, { waitUntil: 'commit' });
  }

  /** The editor lays the JSON out anew when it is left, which moves the button below. */
  private async type(form: Locator, json: string): Promise<void> {
    const editor = form.locator('.cm-content').first();
    await editor.fill(json);
    await editor.blur();
  }

  private startedLink(workflowId: string): Locator {
    return this.page.getByRole('log').locator(`a[href*="/workflows/${workflowId}/"]`);
  }

  private heading(workflowId: string): Locator {
    return this.page.getByRole('heading', { name: workflowId, level: 1 });
  }
}
