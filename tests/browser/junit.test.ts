import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderJunit } from '../../src/report/junit/junit.ts';
import { launchBrowser, openWindow } from '../support/browser.ts';
import { hostileReport, hostileTextRead } from '../support/hostile-report.ts';

interface XmlElement {
  readonly tagName: string;
  readonly textContent: string | null;
  getAttribute(name: string): string | null;
}

/** Chromium's; the types of a page are not among Node's. */
declare const DOMParser: new () => {
  parseFromString(text: string, type: string): { querySelectorAll(selector: string): XmlElement[] };
};

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

test('a parser of XML reads every text of a report back, whatever stands in it', async () => {
  const window = await openWindow(browser, { width: 800 });
  const page = await window.newPage();
  const read = await page.evaluate((xml) => {
    const parsed = new DOMParser().parseFromString(xml, 'application/xml');
    const all = (selector: string) => [...parsed.querySelectorAll(selector)];
    return {
      problem: all('parsererror').map(({ textContent }) => textContent),
      names: [...new Set(all('*').map(({ tagName }) => tagName))],
      cases: all('testcase').length,
      messages: all('failure').map((failure) => failure.getAttribute('message')),
    };
  }, renderJunit(hostileReport));
  await window.close();
  expect(read).toMatchObject({ problem: [], cases: 7 });
  expect(read.names).toEqual([
    'testsuites',
    'testsuite',
    'properties',
    'property',
    'testcase',
    'failure',
    'system-out',
    'skipped',
  ]);
  expect(read.messages).toEqual(Array(4).fill(hostileTextRead));
});
