import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  CommandError,
  completeFacts,
  errorJson,
  exitByErrorCode,
  exitCodeOf,
} from '../../src/client/errors.ts';
import { factLines } from '../../src/client/render/error.ts';
import { plainStyle } from '../../src/client/render/style.ts';
import { textWidth } from '../../src/client/render/text.ts';
import { RunbookError, refuse } from '../../src/shared/errors.ts';

const clientFolder = join(import.meta.dirname, '../../src/client');

test('every error code that the CLI raises has an exit code', () => {
  const raised = globSync('**/*.ts', { cwd: clientFolder }).flatMap((file) =>
    [...readFileSync(join(clientFolder, file), 'utf8').matchAll(/'(RB_[A-Z_]+)'/g)].map(
      ([, code]) => code ?? '',
    ),
  );
  expect(raised.length).toBeGreaterThan(20);
  expect(raised.filter((code) => !Object.hasOwn(exitByErrorCode, code))).toEqual([]);
});

test.each([
  [new Error('a bug'), 1],
  [new CommandError('RB_USAGE', 'x', { why: 'y', fix: 'z' }), 2],
  [refuse('RB_FILE_INVALID', 'x', 'y', 'z'), 2],
  [refuse('RB_INPUT_INVALID', 'x', 'y', 'z'), 2],
  [new CommandError('RB_CONFIRMATION_NEEDED', 'x', { why: 'y', fix: 'z' }), 4],
  [new RunbookError('RB_SOMETHING_ELSE', 'x'), 4],
  [new CommandError('RB_NO_REPORT', 'x', { why: 'y', fix: 'z' }), 6],
  [new CommandError('RB_RUN_OPEN', 'x', { why: 'y', fix: 'z' }), 8],
  [new CommandError('RB_TEMPORAL_UNREACHABLE', 'x', { why: 'y', fix: 'z' }), 9],
  [new CommandError('RB_NO_WORKER', 'x', { why: 'y', fix: 'z' }), 9],
])('%s exits %d', (error, code) => {
  expect(exitCodeOf(error)).toBe(code);
});

test('an error says what, why and fix, and where it happened, inside the width', () => {
  const error = new CommandError('RB_DECISION_REFUSED', 'the run refused the decision', {
    why: 'stale decision: step start-kafka is at attempt 4, not 3, and more words that go on',
    fix: 'see what it waits for with runbook status deploy-1',
    context: { run: 'deploy-1', step: 'start-kafka', changed: false },
  });
  const lines = factLines('error', completeFacts(error), error.context, 60, plainStyle);
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "error RB_DECISION_REFUSED: the run refused the decision
      why   stale decision: step start-kafka is at attempt 4,
            not 3, and more words that go on
      fix   see what it waits for with runbook status deploy-1
      run   deploy-1 · step start-kafka · nothing was changed"
  `);
  for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(60);
});

test('an unforeseen error has advice too', () => {
  expect(completeFacts(new Error('boom'))).toMatchObject({
    code: 'RB_UNEXPECTED',
    what: 'boom',
    why: expect.any(String),
    fix: expect.any(String),
  });
});

test('as JSON it is one object with the same facts', () => {
  const facts = { code: 'RB_X', what: 'a', why: 'b', fix: 'c' };
  expect(errorJson(facts, { run: 'r' })).toEqual({ error: { ...facts, run: 'r' } });
});
