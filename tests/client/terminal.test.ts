import { expect, test } from 'vitest';
import { createTerminal, wantsColour } from '../../src/client/terminal.ts';
import { Recorder } from './support/recorder.ts';

test.each([
  ['a terminal', 'auto', {}, true, true],
  ['a pipe', 'auto', {}, false, false],
  ['NO_COLOR', 'auto', { NO_COLOR: '1' }, true, false],
  ['an empty NO_COLOR', 'auto', { NO_COLOR: '' }, true, true],
  ['a dumb terminal', 'auto', { TERM: 'dumb' }, true, false],
  ['FORCE_COLOR in a pipe', 'auto', { FORCE_COLOR: '1' }, false, true],
  ['FORCE_COLOR over NO_COLOR', 'auto', { FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
  ['FORCE_COLOR=0', 'auto', { FORCE_COLOR: '0' }, true, false],
  ['--color never', 'never', { FORCE_COLOR: '1' }, true, false],
  ['--color always', 'always', { NO_COLOR: '1' }, false, true],
] as const)('colour with %s', (_, flag, env, isTTY, expected) => {
  expect(wantsColour(flag, env, isTTY)).toBe(expected);
});

const terminal = (env: Record<string, string>, isTTY: boolean, input = true) =>
  createTerminal({
    stdin: { isTTY },
    stdout: new Recorder(isTTY),
    stderr: new Recorder(isTTY),
    env,
    colour: 'auto',
    input,
  });

test('a screen is redrawn and asked on; CI, pipes and dumb terminals are not redrawn', () => {
  expect(terminal({}, true)).toMatchObject({ canRedraw: true, canAsk: true });
  expect(terminal({ CI: 'true' }, true).canRedraw).toBe(false);
  expect(terminal({ TERM: 'dumb' }, true)).toMatchObject({ canRedraw: false, canAsk: false });
  expect(terminal({}, false)).toMatchObject({ canRedraw: false, canAsk: false });
});

test('--no-input never asks', () => {
  expect(terminal({}, true, false).canAsk).toBe(false);
});

test('a stream without a width has the one of COLUMNS, else 80', () => {
  const facts = { stdin: {}, colour: 'auto', input: true } as const;
  const stream = { write: () => true };
  const wide = (env: Record<string, string>) =>
    createTerminal({ ...facts, env, stdout: stream, stderr: stream }).stdout.width();
  expect(wide({})).toBe(80);
  expect(wide({ COLUMNS: '120' })).toBe(120);
  expect(wide({ COLUMNS: 'x' })).toBe(80);
});
