import { expect, test } from 'vitest';
import { eventLines, eventsBetween } from '../../../src/client/render/events.ts';
import { plainStyle } from '../../../src/client/render/style.ts';
import type { RunState } from '../../../src/shared/run-state.ts';
import { later, parkedStep, state, step, waiting } from '../support/samples.ts';

const told = (previous: RunState | undefined, next: RunState) =>
  eventsBetween(previous, next, later).flatMap((event) => eventLines(event, 80, plainStyle));

test('steps that came and went between two looks are told with their own times', () => {
  const next = state({ steps: [step('one', { result: 'made' }), step('two', { result: 'made' })] });
  expect(told(state({ steps: [] }), next)).toEqual([
    '12:00:02Z  one done: made (2.5 s)',
    '12:00:02Z  two done: made (2.5 s)',
  ]);
});

test('an undo is told with its own time, and with what is true again', () => {
  const undone = step('one', { now: 'no container', result: 'made' });
  const before = state({ steps: [undone] });
  const undoing = state({ steps: [{ ...undone, status: 'undoing' }] });
  expect(told(before, undoing)).toEqual(['12:01:05Z  one undoing: Do one']);
  const undoneAt = '2026-11-24T12:01:03.000Z';
  expect(told(undoing, state({ steps: [{ ...undone, status: 'undone', undoneAt }] }))).toEqual([
    '12:01:03Z  one undone: as before: no container',
  ]);
});

test('whoever comes late is told in the order of time, not in that of the steps', () => {
  const endedAt = (second: number) => `2026-11-24T12:00:${second}.000Z`;
  const steps = [
    step('one', { endedAt: endedAt(40) }),
    step('two', { endedAt: endedAt(20) }),
    step('three', { status: 'undone', undoneAt: endedAt(30) }),
  ];
  const times = told(undefined, state({ state: 'undoing', steps })).map((line) => line.slice(0, 9));
  expect(times).toEqual(['12:00:00Z', '12:00:20Z', '12:00:30Z', '12:00:40Z']);
});

test('nothing new tells nothing', () => {
  expect(told(state(), state())).toEqual([]);
});

test('a further try and a lost attempt of a running step are news', () => {
  const running = (tries: number, lost: number) =>
    state({ steps: [step('one', { status: 'running', tries, lost, attempt: tries + lost })] });
  expect(told(running(0, 0), running(1, 0))[0]).toContain('one running: try 2: Do one');
  expect(told(running(0, 0), running(0, 1))[0]).toContain('one running: 1 lost: Do one');
});

test('what a step waits for is news, and a counter in it is none', () => {
  const { endedAt: _, ...running } = step('one', { status: 'running' });
  const waits = (words: string) =>
    state({ steps: [{ ...running, waiting: { ...waiting, for: words } }] });
  expect(told(state({ steps: [running] }), waits('web: starting, check 1 of 30'))).toEqual([
    '12:01:05Z  one running: waiting for web: starting, check 1 of 30',
  ]);
  expect(
    told(waits('web: starting, check 1 of 30'), waits('web: starting, check 2 of 30')),
  ).toEqual([]);
  expect(told(waits('web: starting'), state({ steps: [running] }))).toEqual([]);
});

test('a final state and a park come after the steps that led to them', () => {
  const ended = state({ state: 'parked', steps: [parkedStep] });
  const lines = told(state({ steps: [] }), ended);
  expect(lines[0]).toContain('start-kafka parked: RB_UNHEALTHY');
  expect(lines.at(-1)).toBe('12:01:05Z  run parked');
});

test('a run that parked before anybody looked is told with the time of its park', () => {
  const parked = { ...parkedStep, parkedAt: '2026-11-24T12:00:40.000Z' };
  const lines = told(undefined, state({ state: 'parked', steps: [step('one'), parked] }));
  expect(lines.at(-1)).toBe('12:00:40Z  run parked');
  expect(lines.at(-3)).toMatch(/^12:00:40Z {2}start-kafka parked:/);
});
