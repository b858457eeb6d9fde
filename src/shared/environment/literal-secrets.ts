import { isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import { isCalledSecret } from './reference.ts';

/** A variable that is called like a secret and has its value in a compose file itself. */
export interface LiteralSecret {
  readonly name: string;
  /** Where: `compose.yaml:12`. */
  readonly place: string;
}

/** The `environment` entries that give away a secret to whoever reads the file; no value is in the answer. */
export function literalSecrets(composeText: string, fileName: string): readonly LiteralSecret[] {
  const lines = new LineCounter();
  const found: LiteralSecret[] = [];
  const add = (name: unknown, value: unknown, offset: number | undefined) => {
    if (typeof name !== 'string' || !isCalledSecret(name)) return;
    const text = String(value ?? '');
    // A reference is no value, and a file's name is none either.
    if (text === '' || text.includes('$') || text.startsWith('/')) return;
    found.push({ name, place: `${fileName}:${lines.linePos(offset ?? 0).line}` });
  };
  visit(parseDocument(composeText, { lineCounter: lines, logLevel: 'error' }), {
    Pair(_, { key, value }) {
      if (!isScalar(key) || key.value !== 'environment') return;
      if (isMap(value)) {
        for (const pair of value.items) {
          if (isScalar(pair.key) && isScalar(pair.value)) {
            add(pair.key.value, pair.value.value, pair.key.range?.[0]);
          }
        }
      }
      if (!isSeq(value)) return;
      for (const item of value.items) {
        if (!isScalar(item)) continue;
        const [name, ...rest] = String(item.value).split('=');
        add(name, rest.join('='), item.range?.[0]);
      }
    },
  });
  return found;
}
