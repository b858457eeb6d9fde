import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { dockerUnreachable } from '../../src/activities/docker/engine-errors.ts';
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

  test('passes on an error that is not about Docker being away', async () => {
    const failing = poll({
      signal,
      timeoutMs: 60_000,
      check: () => Promise.reject(new Error('x')),
    });
    await expect(failing).rejects.toThrow('x');
  });
});

describe('while Docker is away', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  const awayFor = (seconds: number) => {
    const end = Date.now() + seconds * 1000;
    return async () => {
      if (Date.now() < end) {
        vi.setSystemTime(end);
        throw dockerUnreachable('connection refused');
      }
      return 'back';
    };
  };

  test('the time does not count against the service', async () => {
    expect(await poll({ signal, timeoutMs: 1000, check: awayFor(59) })).toBe('back');
  });

  test('there is an end to it after 60 s', async () => {
    await expect(poll({ signal, timeoutMs: 1000, check: awayFor(60) })).rejects.toMatchObject({
      code: 'RB_DOCKER_UNREACHABLE',
    });
  });
});
