import { expect, test } from 'vitest';
import { ticks } from '../../src/report/page/time-scale.ts';
import { elapsedMs, formatDuration, formatStamp, lateBy } from '../../src/report/time.ts';

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [999.6, '1.0 s'],
  [59_949, '59.9 s'],
  [59_950, '1 min 00 s'],
  [3_599_499, '59 min 59 s'],
  [3_599_500, '1 h 00 min'],
  [172_799_000, '47 h 59 min'],
  [172_800_000, '2 d 00 h'],
])('%d ms reads %s', (ms, words) => {
  expect(formatDuration(ms)).toBe(words);
});

test('a clock that went back gives no negative duration', () => {
  expect(elapsedMs('2026-11-23T14:00:01Z', '2026-11-23T14:00:00Z')).toBe(0);
  expect(elapsedMs('2026-11-23T14:00:01Z', undefined)).toBeUndefined();
});

test('a time that is none is shown as it came', () => {
  expect(formatStamp('soon')).toBe('soon');
});

test.each([
  [1, ['0', '1 ms']],
  [12_300, ['0', '5 s', '10 s']],
  [80_100, ['0', '20 s', '40 s', '60 s', '80 s']],
  [7_460_000, ['0', '30 min', '60 min', '90 min', '120 min']],
  [3 * 86_400_000, ['0', '1 d', '2 d', '3 d']],
])('the axis of %d ms has round ticks', (totalMs, labels) => {
  expect(ticks(totalMs).map((tick) => tick.label)).toEqual(labels);
});

test('the axis never has more than six ticks', () => {
  for (let ms = 1; ms < 1e13; ms = Math.ceil(ms * 1.37)) {
    expect(ticks(ms).length).toBeLessThanOrEqual(6);
    expect(ticks(ms).every(({ percent }) => percent <= 100)).toBe(true);
  }
});

test('a start is late when its schedule wanted it more than ten seconds earlier', () => {
  expect(lateBy('2026-11-26T02:30:00Z', '2026-11-26T02:34:05Z')).toBe('4 min 05 s');
  expect(lateBy('2026-11-26T02:30:00Z', '2026-11-26T02:30:02Z')).toBeUndefined();
  expect(lateBy(undefined, '2026-11-26T02:30:02Z')).toBeUndefined();
});
