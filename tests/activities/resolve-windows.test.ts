import { expect, test } from 'vitest';
import type { RunRequest } from '../../src/shared/run-request.ts';
import { resolvingHost } from './support/resolving-host.ts';
import { runAttempt, testAttempt, testContext } from './test-attempt.ts';

const night = '2026-11-25T23:00:00Z';
const day = '2026-11-25T12:00:00Z';
const weeknights = {
  timezone: 'Europe/Berlin',
  open: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '22:00', to: '06:00' }],
};
const nextOpening = {
  open: false,
  opensAt: '2026-11-25T21:00:00.000Z',
  opens: 'Wed, 25 Nov 2026, 22:00 (Europe/Berlin)',
};

const hostAt = (time: string, keys: object = { windows: weeknights }) =>
  resolvingHost(keys, () => new Date(time));

test('pins that a window is open, or when the next opens', async () => {
  expect((await hostAt(night).resolve()).window).toEqual({ open: true });
  expect((await hostAt(day).resolve()).window).toEqual(nextOpening);
});

test('a platform without windows limits no run', async () => {
  expect(await hostAt(day, {}).resolve()).not.toHaveProperty('window');
});

test('a runbook that only reads is not limited', async () => {
  const { resolve } = hostAt(day);
  expect(await resolve({}, false, 'verify-platform')).not.toHaveProperty('window');
});

test('a plan of a change is told how it stands', async () => {
  expect((await hostAt(day).resolve({ options: { plan: true } })).window).toEqual(nextOpening);
});

test('takes the reason of a person and not that of a schedule', async () => {
  const { resolve } = hostAt(day);
  const request: RunRequest = { options: { outsideWindow: 'the disk is full' } };
  expect((await resolve(request)).outsideWindow).toBe('the disk is full');
  expect(await resolve(request, true)).not.toHaveProperty('outsideWindow');
  const claimed: RunRequest = { ...request, meta: { trigger: 'schedule' } };
  expect(await resolve(claimed)).not.toHaveProperty('outsideWindow');
});

test.each([
  [night, { open: true }],
  [day, nextOpening],
])('asked again at %s it goes by the windows that the run has pinned', async (time, verdict) => {
  const attempt = testAttempt({ platformFile: { windows: weeknights } });
  const { activities } = hostAt(time, { windows: { ...weeknights, open: [{ days: ['sun'] }] } });
  expect(await runAttempt(attempt, () => activities.checkWindow(testContext))).toEqual(verdict);
});

test('asked again of a platform without windows it is open', async () => {
  const { activities } = hostAt(day);
  expect(await runAttempt(testAttempt(), () => activities.checkWindow(testContext))).toEqual({
    open: true,
  });
});
