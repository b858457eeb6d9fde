import { randomBytes } from 'node:crypto';

/** `<runbook>-<platform>-<yyyymmdd-hhmmss>-<4 hex>`: says what and when, and sorts by time. */
export function newRunId(runbook: string, platform: string, now: Date): string {
  const [date = '', time = ''] = now.toISOString().slice(0, 19).split('T');
  const stamp = `${date.replaceAll('-', '')}-${time.replaceAll(':', '')}`;
  return [runbook, platform, stamp, randomBytes(2).toString('hex')].join('-');
}
