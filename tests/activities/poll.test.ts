import { describe, expect, test } from 'vitest';
import { poll } from '../../src/activities/poll.ts';

const signal = new AbortController().signal;

describe('polling', () => {
  test('asks at least once, however short the time', async () => {
    expect(await poll({ signal, timeoutMs: 0, check: async () => 'now' })).toBe('now');
    expect(await poll({ signal, timeoutMs: 0, check: async () => undefined })).toBeUndefined();
  });

  test('stops when the attempt does', async () => {
    const controller = new AbortController();
    const waiting = poll({
      signal: controller.signal,
      timeoutMs: 60_000,
      check: async () => {
        controller.abort(new Error('taken over'));
        return undefined;
      },
    });
    await expect(waiting).rejects.toThrow();
  });

  test('passes on an error', async () => {
    const failing = poll({
      signal,
      timeoutMs: 60_000,
      check: () => Promise.reject(new Error('x')),
    });
    await expect(failing).rejects.toThrow('x');
  });
});
