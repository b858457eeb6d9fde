import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTimeZone, wallWords } from '../../src/shared/wall-clock.ts';
import { type ChangeWindows, nextOpening, openAt, windowDays } from '../../src/shared/windows.ts';

const workdays = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;
const nights = { days: workdays, from: '22:00', to: '06:00' };
const berlin = (...open: ChangeWindows['open']): ChangeWindows => ({
  timezone: 'Europe/Berlin',
  open,
});

const minutes = (start: string, count: number) =>
  Array.from({ length: count }, (_, n) => new Date(Date.parse(start) + n * 60_000));

/** The minutes at which it opens and closes, beginning with how it stands first. */
function changes(windows: ChangeWindows, start: string, count: number): string[] {
  let last: boolean | undefined;
  return minutes(start, count).flatMap((at) => {
    const open = openAt(windows, at);
    if (open === last) return [];
    last = open;
    return [`${at.toISOString().slice(5, 16)} ${open ? 'open' : 'closed'}`];
  });
}

const hour = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
const someWindow = fc.record({
  days: fc.subarray([...windowDays], { minLength: 1 }),
  from: hour,
  to: fc.oneof(hour, fc.constant('24:00')),
});
const someWindows = fc.array(
  someWindow.filter(({ from, to }) => from !== to),
  { minLength: 1, maxLength: 3 },
);

/** Every minute of a week as `sun 00:00` and so on, painted window by window from its first to its last minute. */
function painted(open: ChangeWindows['open']): Set<number> {
  const week = 7 * 1440;
  const ofDay = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  const set = new Set<number>();
  for (const { days, from, to } of open) {
    for (const day of days) {
      const start = windowDays.indexOf(day) * 1440 + ofDay(from);
      const length = (ofDay(to) - ofDay(from) + 1440) % 1440 || 1440;
      for (let n = 0; n < length; n++) set.add((start + n) % week);
    }
  }
  return set;
}

describe('a window is open', () => {
  test('in exactly the minutes of a week that it covers, whatever the windows', () => {
    const monday = '2026-11-23T00:00:00Z';
    fc.assert(
      fc.property(someWindows, (open) => {
        const expected = painted(open);
        const windows = { timezone: 'UTC', open };
        const all = minutes(monday, 7 * 1440);
        expect(all.filter((at, n) => openAt(windows, at) !== expected.has(n))).toEqual([]);
      }),
      { numRuns: 5 },
    );
  });

  test('past midnight on account of the day on which it began', () => {
    expect(changes(berlin(nights), '2026-11-27T12:00Z', 5 * 1440)).toEqual([
      '11-27T12:00 closed',
      '11-27T21:00 open',
      '11-28T05:00 closed',
      '11-30T21:00 open',
      '12-01T05:00 closed',
      '12-01T21:00 open',
      '12-02T05:00 closed',
    ]);
  });

  test('for whole days, also when two of them meet', () => {
    const weekend = { days: ['sat', 'sun'], from: '00:00', to: '24:00' } as const;
    expect(changes(berlin(weekend), '2026-11-27T12:00Z', 4 * 1440)).toEqual([
      '11-27T12:00 closed',
      '11-27T23:00 open',
      '11-29T23:00 closed',
    ]);
  });

  test('to the second: the hour at its end is no part of it', () => {
    const at = (time: string) => openAt(berlin(nights), new Date(time));
    expect(at('2026-11-25T20:59:59.999Z')).toBe(false);
    expect(at('2026-11-25T21:00:00.000Z')).toBe(true);
    expect(at('2026-11-26T04:59:59.999Z')).toBe(true);
    expect(at('2026-11-26T05:00:00.000Z')).toBe(false);
  });
});

describe('when clocks are put forward or back', () => {
  const sundays = (from: string, to: string) => ({ days: ['sat', 'sun'] as const, from, to });

  test('a night in Berlin is an hour shorter in spring and an hour longer in autumn', () => {
    const night = berlin(sundays('22:00', '06:00'));
    expect(changes(night, '2026-03-28T20:00Z', 1000)).toEqual([
      '03-28T20:00 closed',
      '03-28T21:00 open',
      '03-29T04:00 closed',
    ]);
    expect(changes(night, '2026-10-24T19:00Z', 1000)).toEqual([
      '10-24T19:00 closed',
      '10-24T20:00 open',
      '10-25T05:00 closed',
    ]);
  });

  test('New York does so on days and at hours of its own', () => {
    const night = { timezone: 'America/New_York', open: [sundays('22:00', '06:00')] };
    expect(changes(night, '2026-03-08T02:00Z', 1000)).toEqual([
      '03-08T02:00 closed',
      '03-08T03:00 open',
      '03-08T10:00 closed',
    ]);
    expect(changes(night, '2026-11-01T01:00Z', 1000)).toEqual([
      '11-01T01:00 closed',
      '11-01T02:00 open',
      '11-01T11:00 closed',
    ]);
  });

  test('an hour that is left out opens nothing, one that comes twice counts twice', () => {
    const early = berlin(sundays('02:00', '03:00'));
    expect(changes(early, '2026-03-29T00:00Z', 240)).toEqual(['03-29T00:00 closed']);
    expect(changes(early, '2026-10-24T23:30Z', 240)).toEqual([
      '10-24T23:30 closed',
      '10-25T00:00 open',
      '10-25T02:00 closed',
    ]);
  });

  test('a window that begins in the left-out hour opens when the hour is over', () => {
    expect(changes(berlin(sundays('02:30', '04:00')), '2026-03-29T00:00Z', 240)).toEqual([
      '03-29T00:00 closed',
      '03-29T01:00 open',
      '03-29T02:00 closed',
    ]);
  });
});

describe('the next opening', () => {
  test('is the first open minute, whatever the windows, through every change of the clocks', () => {
    const zone = fc.constantFrom(
      ...['Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'UTC'],
    );
    const near = fc.constantFrom(
      ...['2026-03-28', '2026-10-24', '2026-03-07', '2026-10-31', '2026-04-04', '2026-10-03'],
    );
    fc.assert(
      fc.property(zone, someWindows, near, fc.nat(2 * 1440), (timezone, open, day, offset) => {
        const windows = { timezone, open };
        const start = new Date(Date.parse(day) + offset * 60_000);
        const found = nextOpening(windows, start);
        const first = minutes(start.toISOString(), 9 * 1440).find((at) => openAt(windows, at));
        // An hour that summer time takes away may put the only window of a week off to the next.
        if (first !== undefined) expect(found).toEqual(first);
        else expect(found && openAt(windows, found)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test('is now when a window is open', () => {
    const now = new Date('2026-11-25T23:00:12.345Z');
    expect(nextOpening(berlin(nights), now)).toEqual(now);
  });

  test('is a week later when summer time takes the whole window away', () => {
    const early = berlin({ days: ['sun'], from: '02:00', to: '03:00' });
    expect(nextOpening(early, new Date('2026-03-28T12:00Z'))).toEqual(
      new Date('2026-04-05T00:00Z'),
    );
  });

  test('is told in the hours of the zone', () => {
    expect(wallWords(new Date('2026-11-25T21:00Z'), 'Europe/Berlin')).toBe(
      'Wed, 25 Nov 2026, 22:00 (Europe/Berlin)',
    );
  });
});

test.each([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['Etc/GMT+5', true],
  ['+01:00', false],
  ['Mars/Base', false],
  ['', false],
])('%j is a time zone: %s', (name, expected) => {
  expect(isTimeZone(name)).toBe(expected);
});
