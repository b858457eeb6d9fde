import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node, type Pair } from 'yaml';

/** A key and value of a mapping, and whether they are written in it or taken over from another. */
export interface MapEntry {
  readonly name: string;
  readonly key: Node;
  readonly value: Node | undefined;
  /** False for what a merge (`<<`) or an alias brings in. */
  readonly own: boolean;
}

/** The node that an alias stands for; the node itself when it is none. */
export function resolved(document: Document, node: unknown): Node | undefined {
  const target = isAlias(node) ? node.resolve(document) : node;
  return isNode(target) ? target : undefined;
}

/** Deeper chains of merges are nothing that people write. */
const maxMerges = 10;

/** The entries of a mapping as Compose sees them: merges followed, what is nearer wins. */
export function entriesOf(document: Document, node: unknown, depth = 0): readonly MapEntry[] {
  const map = resolved(document, node);
  if (!isMap(map) || depth > maxMerges) return [];
  const found = new Map<string, MapEntry>();
  const own = !isAlias(node) && depth === 0;
  const merged: unknown[] = [];
  for (const pair of map.items) {
    const name = keyName(pair);
    if (name === undefined) continue;
    if (name === '<<') {
      const from = resolved(document, pair.value);
      merged.push(...(isSeq(from) ? from.items : [pair.value]));
      continue;
    }
    const value = resolved(document, pair.value);
    found.set(name, { name, key: pair.key as Node, value, own: own && !isAlias(pair.value) });
  }
  for (const source of merged) {
    for (const entry of entriesOf(document, source, depth + 1)) {
      if (!found.has(entry.name)) found.set(entry.name, { ...entry, own: false });
    }
  }
  return [...found.values()];
}

/** The library reads the merge key as a symbol. */
function keyName({ key }: Pair): string | undefined {
  if (!isScalar(key)) return undefined;
  return typeof key.value === 'symbol' ? key.value.description : String(key.value);
}

export const entryOf = (document: Document, node: unknown, name: string): MapEntry | undefined =>
  entriesOf(document, node).find((entry) => entry.name === name);

/** The items of a list; a single scalar counts as a list of one. */
export function itemsOf(document: Document, node: unknown): readonly Node[] {
  const found = resolved(document, node);
  if (isSeq(found)) return found.items.flatMap((item) => resolved(document, item) ?? []);
  return isScalar(found) && found.value !== null ? [found] : [];
}

/** A scalar's text, as it is written where it is a number; undefined for anything else, and for nothing. */
export const textOf = (node: unknown): string | undefined =>
  isScalar(node) && node.value !== null && node.value !== undefined
    ? (node.source ?? String(node.value))
    : undefined;

/** What Compose may read as a number or a date, in the ways of YAML 1.1 as well: it passes on how it would write that. */
const numberLike =
  /^[-+]?(?:0[bB][01_]+|0[xX][\da-fA-F_]+|0[oO][0-7_]+|[\d_]*\.?[\d_]*(?:[eE][-+]?\d+)?)$|^\d{4}-\d\d?-\d\d?(?:[Tt ].*)?$/;
const sameNumber = /^(?:0|[1-9]\d{0,14})$/;

/** Whether a container may be given another text than the one that stands there without quotes. */
export const mayChange = (node: unknown): boolean => {
  if (!isScalar(node) || node.type !== 'PLAIN' || node.value === null) return false;
  const source = node.source ?? '';
  return typeof node.value === 'string' ? numberLike.test(source) : !sameNumber.test(source);
};
