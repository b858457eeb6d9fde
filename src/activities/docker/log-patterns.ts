import { createContext, Script } from 'node:vm';
import { refuse } from '../../shared/errors.ts';

const errorWords = /\b(?:ERROR|FATAL|PANIC|CRITICAL|SEVERE)\b/;
const maxLineChars = 2000;
/** For all suspicious lines of one container; a sane pattern needs a thousandth of it. */
const matchDeadlineMs = 1000;

export const looksLikeError = (line: string): boolean =>
  errorWords.test(line.slice(0, maxLineChars));

export interface AllowedPattern {
  readonly pattern: string;
}

const script = new Script(
  'lines.map((line) => expressions.some((expression) => expression.test(line)))',
);

/**
 * Which lines a pattern covers. The patterns are somebody's input, and a regular expression can take for
 * ever on the wrong line; only a separate context can be stopped in the middle of a match.
 */
export function matchAllowed(
  lines: readonly string[],
  patterns: readonly AllowedPattern[],
): readonly boolean[] {
  if (lines.length === 0 || patterns.length === 0) return lines.map(() => false);
  const expressions = patterns.map(({ pattern }) => compile(pattern));
  const context = createContext({ lines: lines.map((l) => l.slice(0, maxLineChars)), expressions });
  try {
    return [...(script.runInContext(context, { timeout: matchDeadlineMs }) as boolean[])];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw refuse(
      'RB_PATTERN_TOO_SLOW',
      'a pattern of logs.allow takes too long on a log line',
      `one of: ${patterns.map(({ pattern }) => `/${pattern}/`).join(', ')}`,
      'write it without nested repetitions such as (a+)+',
    );
  }
}

function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch (error) {
    throw refuse(
      'RB_PATTERN_INVALID',
      `a pattern of logs.allow is not a regular expression: /${pattern}/`,
      (error as Error).message,
      'correct it in the platform file, then start a new run',
    );
  }
}
