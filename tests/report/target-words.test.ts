import { expect, test } from 'vitest';
import { currentDetails } from '../../src/report/markdown.ts';
import { targetWords, withoutQuietTargets } from '../../src/report/target-words.ts';
import { utf8Bytes } from '../../src/report/text.ts';
import { limits } from '../../src/shared/limits.ts';
import type { StepRecord, StepStatus } from '../../src/shared/run-state.ts';
import { runState, step } from './sample-reports.ts';

/** A fan-out over as many targets as are accepted; the statuses of the first ones are given. */
function fanOut(first: readonly StepStatus[], total: number = limits.fanOutTargets): StepRecord[] {
  const names = Array.from({ length: total }, (_, n) => `service-${n}`);
  const status = (n: number) => first[n] ?? 'done';
  const targets = names.map((name, n) => ({ name, status: status(n) }));
  const error = { code: 'RB_X', what: 'broken' };
  return [
    step('restart', { status: 'running', targets, title: 'Restart services' }),
    ...names.map((name, n) =>
      step(`restart/${name}`, {
        status: status(n),
        title: `Restart ${name}`,
        ...(status(n) === 'failed' ? { error } : {}),
      }),
    ),
  ];
}

test('counts what went well and names what did not', () => {
  const targets = [
    { name: 'a', status: 'done' },
    { name: 'b', status: 'failed' },
    { name: 'c', status: 'not-started' },
    { name: 'd', status: 'not-started' },
    { name: 'e', status: 'done' },
  ] as const;
  expect(targetWords(targets)).toBe('2 done, 1 failed: b, 2 not started: c, d');
});

test('of many names five are told', () => {
  const targets = Array.from({ length: 9 }, (_, n) => ({
    name: `t${n}`,
    status: 'failed' as const,
  }));
  expect(targetWords(targets)).toBe('9 failed: t0, t1, t2, t3, t4 and 4 more');
});

test('few targets are all shown; of many only those that need a look', () => {
  const few = fanOut(['failed'], 8);
  expect(withoutQuietTargets(few)).toEqual(few);
  const shown = withoutQuietTargets(fanOut(['running', 'failed', 'done', 'running']));
  expect(shown.map(({ id }) => id)).toEqual([
    'restart',
    'restart/service-0',
    'restart/service-1',
    'restart/service-3',
  ]);
});

test('the current details of the largest fan-out stay in their limit and tell its sum', () => {
  const steps = fanOut(Array.from({ length: 200 }, (_, n) => (n % 2 ? 'failed' : 'running')));
  const text = currentDetails(runState({ steps }));
  expect(utf8Bytes(text)).toBeLessThan(limits.currentDetailsBytes);
  expect(text).toContain('56 done, 100 running, 100 failed: service-1, service-3');
  expect(text).toContain('Restart services');
});
