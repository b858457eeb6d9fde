import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** A place in the code where an error of a code is made. */
export interface RaisedError {
  readonly code: string;
  readonly place: string;
  /** The call or the object that makes it. */
  readonly text: string;
  /** What is called; empty for an object. */
  readonly callee: string;
}

/** Every place in `src` that makes an error; a code that is only compared or listed makes none. */
export function raisedErrors(): readonly RaisedError[] {
  return globSync('src/**/*.ts', { cwd: root }).flatMap((file) => {
    const source = readFileSync(join(root, file), 'utf8');
    return [...source.matchAll(/(?<before>[^\s]+)?\s*'(?<code>RB_[A-Z_]+)'/g)].flatMap((match) => {
      const { before = '', code = '' } = match.groups ?? {};
      if (/(===|!==|case|=|\?\?|\?)$/.test(before)) return [];
      const at = match.index + match[0].length - code.length - 2;
      const open = openerOf(source, at);
      if (source[open] === '[') return [];
      const line = source.slice(0, at).split('\n').length;
      const callee =
        source[open] === '(' ? (/([\w.]+)\s*$/.exec(source.slice(0, open))?.[1] ?? '') : '';
      // A condition in brackets, or the body of a function that returns the code.
      if (source[open] === '{' && before !== 'code:') return [];
      return [
        {
          code,
          place: `${file}:${line}`,
          text: source.slice(open, closerOf(source, open)),
          callee,
        },
      ];
    });
  });
}

const openers = '([{';
const closers = ')]}';

function openerOf(source: string, at: number): number {
  let depth = 0;
  for (let index = at - 1; index >= 0; index--) {
    const letter = source[index] ?? '';
    if (closers.includes(letter)) depth++;
    if (openers.includes(letter) && depth-- === 0) return index;
  }
  return 0;
}

function closerOf(source: string, open: number): number {
  let depth = 0;
  for (let index = open; index < source.length; index++) {
    const letter = source[index] ?? '';
    if (openers.includes(letter)) depth++;
    if (closers.includes(letter) && --depth === 0) return index + 1;
  }
  return source.length;
}
