import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RunbookError } from '../shared/errors.ts';
import type { Notification, NotificationTarget } from '../shared/notification.ts';
import type { Platform } from '../shared/platform-file.ts';
import { runDirectory } from './run-directory.ts';

export interface Delivery {
  readonly notification: Notification;
  readonly target: string;
  /** The same in every try: by it a receiver knows a message that it has had already. */
  readonly delivery: string;
}

interface NotificationDependencies {
  readonly stateDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const timeoutMs = 10_000;

export const createNotificationActivities = (deps: NotificationDependencies) => ({
  /**
   * Sends, or says in words why that will never work. A try whose answer was lost is made again under the same
   * delivery id, so a receiver can drop it: a retry is safe.
   */
  async sendNotification({ notification, target, delivery }: Delivery): Promise<string | null> {
    const { run, execution } = notification;
    const pinned = join(runDirectory(deps.stateDirectory, run, execution), 'platform.json');
    const platform = JSON.parse(await readFile(pinned, 'utf8')) as Platform;
    const wanted = platform.notify[target];
    if (wanted === undefined) return `the platform has no target ${target}`;
    const url = webAddress(deps.environment[wanted.url]);
    if (url === undefined) return `${wanted.url} of the worker holds no web address`;
    const key = wanted.key === undefined ? undefined : deps.environment[wanted.key];
    if (wanted.key !== undefined && !key) return `${wanted.key} of the worker is not set`;
    const body = bodyOf(notification, wanted);
    const { ok, status } = await post(url, body, headersOf(delivery, body, key));
    if (ok) return null;
    if (status < 500 && status !== 408 && status !== 429) return `${target} answered ${status}`;
    throw away(`the receiver ${target} answered ${status}`);
  },
});

function webAddress(text: string | undefined): URL | undefined {
  const url = text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url : undefined;
}

function bodyOf(notification: Notification, { format }: NotificationTarget): string {
  if (format === 'json') return JSON.stringify(notification);
  const { summary, error, commands, run } = notification;
  const lines = [
    `*${run}*: ${summary}`,
    ...(error ? [`${error.code}: ${error.what}`] : []),
    ...commands.map((command) => `\`${command}\``),
  ];
  // Slack reads these three as markup.
  const text = lines
    .join('\n')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
  return JSON.stringify({ text });
}

function headersOf(
  delivery: string,
  body: string,
  key: string | undefined,
): Record<string, string> {
  const headers = { 'content-type': 'application/json', 'x-runbook-delivery': delivery };
  if (key === undefined) return headers;
  const at = Math.floor(Date.now() / 1000).toString();
  const signature = createHmac('sha256', key).update(`${at}.${body}`).digest('hex');
  return { ...headers, 'x-runbook-timestamp': at, 'x-runbook-signature': `sha256=${signature}` };
}

/** A redirect would carry the message to an address that nobody wrote down. */
async function post(url: URL, body: string, headers: Record<string, string>): Promise<Response> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    return await fetch(url, { method: 'POST', body, headers, redirect: 'manual', signal });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    // The address can hold a token; the cause names a host at most.
    throw away(cause instanceof Error && 'code' in cause ? String(cause.code) : 'no connection');
  }
}

const away = (why: string) =>
  new RunbookError('RB_NOTIFICATION_UNREACHABLE', 'the receiver of a message is away', {
    why,
    fix: 'nothing: it is sent again for twelve hours',
  });
