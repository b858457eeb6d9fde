import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { notifyVariables } from '../../../src/client/doctor/notify-check.ts';
import { warnOfUnsetNotify } from '../../../src/client/local/unset-notify.ts';
import { recordSession } from '../support/recorder.ts';

const text = (notify: string) => `
schema: runbook.platform/v1
name: lab
compose: { project: lab, files: [compose.yaml] }
services: { web: { kind: container } }
${notify}
`;

let folder = '';
const file = () => join(folder, 'platform.yaml');
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rbtest-notify-'));
  await writeFile(
    file(),
    text('notify: { ops: { url: OPS_URL, key: OPS_KEY }, chat: { url: CHAT } }'),
  );
  await writeFile(join(folder, 'silent.yaml'), text(''));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const recorded = (env: Record<string, string>) =>
  recordSession({ env: { RUNBOOK_PLATFORMS: file(), ...env } });
const finding = (env: Record<string, string>) => {
  const { session } = recorded(env);
  return notifyVariables({ session, connecting: Promise.resolve({ error: 'no server' }) });
};
const all = { OPS_URL: 'https://ops.test', OPS_KEY: 'k', CHAT: 'https://chat.test' };

test('a worker that starts without variables of notify is warned of by their names', async () => {
  const { session, stderr } = recorded({ CHAT: all.CHAT, OPS_URL: '' });
  await warnOfUnsetNotify([], session);
  const words = stderr.text.replace(/\s+/g, ' ');
  expect(words).toContain(
    'warning RB_NOTIFY_UNSET: notify ops of lab: OPS_URL and OPS_KEY are not',
  );
  expect(words).not.toContain('chat');
});

test('nothing is said where all are set, nobody is named, or a file cannot be read', async () => {
  for (const env of [all, { RUNBOOK_PLATFORMS: join(folder, 'silent.yaml') }]) {
    const { session, stderr } = recorded(env);
    await warnOfUnsetNotify([], session);
    expect(stderr.text).toBe('');
  }
  const { session, stderr } = recorded({});
  await warnOfUnsetNotify([join(folder, 'absent.yaml')], session);
  expect(stderr.text).toBe('');
});

test('the doctor warns of variables that are not in the environment of its shell', async () => {
  const found = await finding({ OPS_URL: all.OPS_URL, OPS_KEY: all.OPS_KEY });
  expect(found).toMatchObject({ name: 'notify', verdict: 'warn' });
  expect(found.observed).toContain('notify chat of lab: CHAT is not set');
  expect(found.observed).toContain("this shell's environment");
  expect(found.fix).toContain('CHAT');
  expect(await finding(all)).toMatchObject({ verdict: 'ok' });
});
