import { readFile } from 'node:fs/promises';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { offsetOf } from '../../shared/yaml-place.ts';

/** Where the thing stands that Compose complains about. */
export interface ComposePlace {
  /** `/srv/lab/compose.yaml:12:5`; without a column when only Compose knows the line. */
  readonly at: string;
  readonly what: string;
}

/** Compose names a path or, often a line too early, a line; the place is looked up in the files themselves. */
export async function findComposePlace(
  words: string,
  files: readonly string[],
): Promise<ComposePlace | undefined> {
  const named = /(?:failed to parse|validating) (\/.+?): /.exec(words)?.[1];
  const isSyntax = /failed to parse|^yaml: /m.test(words);
  const wanted = isSyntax ? undefined : pathIn(words);
  if (!isSyntax && wanted === undefined) return undefined;
  // A later file wins over an earlier one, so what it says is what Compose has seen.
  for (const file of named === undefined ? files.toReversed() : [named]) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const place = wanted === undefined ? syntaxPlace(file, text) : pathPlace(file, text, wanted);
    if (place !== undefined) return place;
  }
  const line = /\bline (\d+)/.exec(words)?.[1];
  if (named === undefined || line === undefined) return undefined;
  return { at: `${named}:${line}`, what: 'does not parse' };
}

interface Wanted {
  readonly path: readonly string[];
  readonly at: 'key' | 'value';
}

const sections = 'services|networks|volumes|secrets|configs|include';

function pathIn(words: string): Wanted | undefined {
  const unknown = /: (\S*) ?additional properties '([^']+)'/.exec(words);
  if (unknown !== null) {
    const [, parent = '', key = ''] = unknown;
    return { path: [...partsOf(parent), key], at: 'key' };
  }
  const path = new RegExp(`\\b(?:${sections})\\.[\\w.-]+`).exec(words)?.[0];
  if (path !== undefined) return { path: partsOf(path), at: 'value' };
  const service = /\bservice "([^"]+)"/.exec(words)?.[1];
  return service === undefined ? undefined : { path: ['services', service], at: 'key' };
}

const partsOf = (path: string) => path.split('.').filter((part) => part !== '');

function parse(text: string): { document: Document; place: (offset: number) => string } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };
  return { document, place };
}

function syntaxPlace(file: string, text: string): ComposePlace | undefined {
  const { document, place } = parse(text);
  const [error] = document.errors;
  if (error === undefined) return undefined;
  return {
    at: `${file}:${place(error.pos[0])}`,
    what: error.message.replace(/\s+/g, ' ').slice(0, 300),
  };
}

function pathPlace(file: string, text: string, { path, at }: Wanted): ComposePlace | undefined {
  const { document, place } = parse(text);
  if (!document.hasIn(path)) return undefined;
  return { at: `${file}:${place(offsetOf(document, path, at))}`, what: path.join('.') };
}
