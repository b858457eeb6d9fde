import { type Interpolated, interpolate, type TemplateReference } from './interpolation.ts';

/** One assignment of an environment file. */
export interface DotenvEntry {
  readonly name: string;
  /** Counts from 1. */
  readonly line: number;
  /** As docker compose would see it; undefined for a line that only names a variable of the shell. */
  readonly value: string | undefined;
  readonly references: readonly TemplateReference[];
}

/** A stretch of the file, verbatim: an assignment, or what stands between two. */
export interface DotenvSegment {
  readonly text: string;
  readonly entry?: DotenvEntry;
  /** Where the value starts in `text`, quotes included; it reaches to the end. */
  readonly valueStart?: number;
}

/** Something that docker compose would refuse. Values never stand in it. */
interface DotenvProblem {
  readonly line: number;
  readonly what: string;
}

export interface DotenvFile {
  readonly segments: readonly DotenvSegment[];
  readonly entries: readonly DotenvEntry[];
  readonly problems: readonly DotenvProblem[];
}

/** White space as Go knows it, whose rules docker compose follows. */
const space = String.raw`\t\v\f\r \u0085\u00a0`;
const anySpace = String.raw`${space}\n\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;

const blank = new RegExp(`(?:[${anySpace}]+|#[^\\n]*)+`, 'y');
const head = new RegExp(
  `(?:export[\\t\\f\\r ]+)?([\\p{L}\\p{N}_.\\-[\\]]*)[${space}]*(?:([=:])[${space}]*|(?=\\n|$))`,
  'uy',
);
const isSpace = new RegExp(`[${anySpace}]`);

/**
 * Reads an environment file by docker compose's rules: single quotes are literal, double quotes know escapes,
 * `$X` and `${X:-y}` see the lines above. Never throws; joined, the segments are the text again.
 */
export function parseDotenv(text: string): DotenvFile {
  const segments: DotenvSegment[] = [];
  const entries: DotenvEntry[] = [];
  const problems: DotenvProblem[] = [];
  const values = new Map<string, string>();
  const lineAt = lineCounter(text);
  let position = text.startsWith('\ufeff') ? 1 : 0;
  let segmentStart = 0;
  const close = (end: number, entry?: DotenvEntry, valueStart?: number) => {
    if (end > segmentStart) {
      const verbatim = text.slice(segmentStart, end);
      segments.push({
        text: verbatim,
        ...(entry ? { entry } : {}),
        ...(valueStart === undefined ? {} : { valueStart: valueStart - segmentStart }),
      });
    }
    segmentStart = end;
  };
  const skipLine = (what: string) => {
    problems.push({ line: lineAt(position), what });
    position = endOfLine(text, position);
  };

  while (true) {
    position = endOfMatch(blank, text, position) ?? position;
    if (position >= text.length) break;
    close(position);
    const line = lineAt(position);
    head.lastIndex = position;
    const match = head.exec(text);
    if (!match || match[1] === '') {
      skipLine('this is not NAME=value');
      continue;
    }
    const [whole, name = '', separator] = match;
    const valueStart = position + whole.length;
    if (separator === undefined) {
      entries.push({ name, line, value: undefined, references: [] });
      position = valueStart;
      close(position, entries.at(-1));
      continue;
    }
    const read = readValue(text, valueStart, (variable) => values.get(variable));
    if (!read) {
      skipLine('a quote is opened and not closed');
      continue;
    }
    if (read.problem !== undefined) problems.push({ line, what: read.problem });
    const entry = { name, line, value: read.value, references: read.references };
    values.set(name, read.value);
    entries.push(entry);
    position = read.end;
    close(position, entry, valueStart);
  }
  close(text.length);
  return { segments, entries, problems };
}

type Lookup = (name: string) => string | undefined;

function readValue(
  text: string,
  start: number,
  lookup: Lookup,
): (Interpolated & { readonly end: number }) | undefined {
  const quote = text[start];
  if (quote !== '"' && quote !== "'") {
    const raw = text.slice(start, endOfLine(text, start)).split(' #', 1)[0] ?? '';
    const value = trimEnd(raw);
    return { ...interpolate(value, lookup), end: start + value.length };
  }
  const quoted = readQuoted(text, start + 1, quote);
  if (!quoted) return undefined;
  if (quote === "'") return { value: quoted.value, references: [], end: quoted.end };
  return { ...interpolate(expandEscapes(quoted.value), lookup), end: quoted.end };
}

/** Up to the closing quote; a backslash hides only a quote here, other escapes come later. */
function readQuoted(
  text: string,
  start: number,
  quote: string,
): { value: string; end: number } | undefined {
  let value = '';
  for (let index = start; index < text.length; index++) {
    const character = text[index] ?? '';
    if (character === quote) return { value, end: index + 1 };
    if (character !== '\\') {
      value += character;
      continue;
    }
    const next = text[index + 1];
    if (next === undefined) return undefined;
    value += next === quote ? next : character + next;
    index += 1;
  }
  return undefined;
}

const escapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
  '\\': '\\',
  $: '$$',
};

function expandEscapes(text: string): string {
  return text.replace(/\\([abcfnrtv$"\\]|0\d{0,3})/g, (whole, code: string) => {
    if (!code.startsWith('0')) return escapes[code] ?? whole;
    const octal = code.slice(1);
    const point = /^[0-7]{3}$/.test(octal) ? Number.parseInt(octal, 8) : 256;
    return point > 255 ? whole : String.fromCodePoint(point);
  });
}

/** A loop, because a pattern that looks for space at the end starts over at every space. */
function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace.test(text[end - 1] ?? '')) end -= 1;
  return text.slice(0, end);
}

const plain = /^[\w./:@%+,=?&-]*$/;

/** A value as it is written in an environment file, so that compose reads the same value back. */
export function quoteValue(value: string): string {
  if (plain.test(value)) return value;
  if (!/['\\\n\r]/.test(value)) return `'${value}'`;
  return `"${escapeDouble(value).replaceAll('$', '$$$$')}"`;
}

/** A template as it is written in an environment file: quoted where needed, its `${...}` alive. */
export function quoteTemplate(template: string): string {
  return /^[\w./:@%+,=?&${}-]*$/.test(template) ? template : `"${escapeDouble(template)}"`;
}

const escapeDouble = (value: string) =>
  value.replaceAll(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r');

function endOfMatch(pattern: RegExp, text: string, position: number): number | undefined {
  pattern.lastIndex = position;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function endOfLine(text: string, position: number): number {
  const end = text.indexOf('\n', position);
  return end === -1 ? text.length : end;
}

/** Lines by offset, for offsets that only grow. */
function lineCounter(text: string): (offset: number) => number {
  let line = 1;
  let counted = 0;
  return (offset) => {
    for (let next = text.indexOf('\n', counted); next !== -1 && next < offset; ) {
      line += 1;
      counted = next + 1;
      next = text.indexOf('\n', counted);
    }
    return line;
  };
}
