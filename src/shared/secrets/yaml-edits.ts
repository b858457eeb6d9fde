import {
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { startOf } from '../yaml-place.ts';
import { lineEnd, lineStart, type TextEdit } from './text-edits.ts';

/** Edits of a YAML text by its nodes; comments, order and style of all that is not touched stay. */
export type Entries = YAMLMap | YAMLSeq;

/** Where the last character of a node stands, without comments that follow. */
function endOf(node: unknown): number {
  if (isAlias(node) || isScalar(node)) return node.range?.[1] ?? 0;
  if (!isCollection(node)) return 0;
  if (node.flow) return node.range?.[1] ?? 0;
  const last = node.items.at(-1);
  if (last === undefined) return node.range?.[1] ?? 0;
  return isNodePair(last) ? Math.max(endOf(last.value), endOf(last.key)) : endOf(last);
}

const isNodePair = (item: unknown): item is Pair =>
  typeof item === 'object' && item !== null && 'key' in item && 'value' in item;

const itemStart = (item: unknown): number => startOf(isNodePair(item) ? item.key : item);
const itemEnd = (item: unknown): number =>
  isNodePair(item) ? Math.max(endOf(item.value), endOf(item.key)) : endOf(item);

/** The columns before a node on its line, as spaces. */
const indentOf = (text: string, node: unknown): string =>
  ' '.repeat(startOf(node) - lineStart(text, startOf(node)));

/** Another key and value for an entry of a mapping; both on one line. */
export function replacePair(
  text: string,
  { key, value }: Pair,
  next: { readonly key: string; readonly value: string },
): readonly TextEdit[] {
  const keyEdit = { start: startOf(key), end: endOf(key), text: next.key };
  if (isScalar(value) && value.source !== undefined && value.source !== '') {
    const end = endOf(value);
    const lineBreak = text[end - 1] === '\n' ? '\n' : '';
    return [keyEdit, { start: startOf(value), end, text: `${next.value}${lineBreak}` }];
  }
  // `NAME:` or `NAME: ""`: what stands after the colon, if anything.
  const colon = text.indexOf(':', endOf(key));
  const quoted = isScalar(value) && endOf(value) > startOf(value) ? endOf(value) : colon + 1;
  return [keyEdit, { start: colon + 1, end: quoted, text: ` ${next.value}` }];
}

export const replaceNode = (node: Node, text: string): TextEdit => ({
  start: startOf(node),
  end: endOf(node),
  text,
});

/** Takes entries out of a mapping or list, each with its line; an emptied one stays as `{}` or `[]`. */
export function removeItems(
  text: string,
  from: Entries,
  items: readonly unknown[],
  owner: Node,
): readonly TextEdit[] {
  const all: readonly unknown[] = from.items;
  if (from.flow) return removeFromFlow(all, items);
  const edits = items.map((item) => ({
    start: lineStart(text, itemStart(item)),
    end: lineEnd(text, itemEnd(item)),
    text: '',
  }));
  if (items.length < all.length) return edits;
  const colon = text.indexOf(':', endOf(owner)) + 1;
  return [{ start: colon, end: colon, text: isMap(from) ? ' {}' : ' []' }, ...edits];
}

/** A comma goes with each: the one after it, or the one before those at the end. */
function removeFromFlow(all: readonly unknown[], items: readonly unknown[]): readonly TextEdit[] {
  const lastKept = all.findLastIndex((item) => !items.includes(item));
  const atEnd = all.slice(lastKept + 1);
  const kept = all[lastKept];
  const start = kept === undefined ? itemStart(atEnd[0]) : itemEnd(kept);
  const tail = atEnd.length === 0 ? [] : [{ start, end: itemEnd(atEnd.at(-1)), text: '' }];
  const others = items.filter((item) => all.indexOf(item) < lastKept);
  return [
    ...others.map((item) => {
      return { start: itemStart(item), end: itemStart(all[all.indexOf(item) + 1]), text: '' };
    }),
    ...tail,
  ];
}

/** Adds an entry at the end of a mapping or list: `NAME: value`, or an item; `block` may have several lines. */
export function appendItem(
  text: string,
  to: Entries,
  entry: { readonly flow: string; readonly block?: string },
): TextEdit {
  const last = to.items.at(-1);
  if (to.flow || last === undefined) {
    const at = last === undefined ? (to.range?.[1] ?? 1) - 1 : itemEnd(last);
    return { start: at, end: at, text: last === undefined ? entry.flow : `, ${entry.flow}` };
  }
  const first = to.items[0];
  const dash = isSeq(to) ? '- ' : '';
  const column = itemStart(first) - lineStart(text, itemStart(first)) - dash.length;
  const indent = ' '.repeat(Math.max(0, column));
  return insertLines(text, itemEnd(last), `${indent}${dash}${entry.block ?? entry.flow}`, indent);
}

/** Another text for a whole entry of a mapping. */
export function replaceEntry(
  text: string,
  map: YAMLMap,
  pair: Pair,
  entry: { readonly flow: string; readonly block?: string },
): TextEdit {
  const end = itemEnd(pair);
  const indent = indentOf(text, pair.key);
  const block = (entry.block ?? entry.flow).replaceAll(/\n(?=[^\n])/g, `\n${indent}`);
  const lineBreak = text[end - 1] === '\n' ? '\n' : '';
  return { start: startOf(pair.key), end, text: map.flow ? entry.flow : `${block}${lineBreak}` };
}

/** Adds a key to a mapping, after another of its keys or at its end. */
export function insertKey(
  text: string,
  map: YAMLMap,
  entry: { readonly flow: string; readonly block?: string },
  after?: Pair,
): TextEdit {
  if (map.flow || map.items.length === 0 || after === undefined)
    return appendItem(text, map, entry);
  const indent = indentOf(text, after.key);
  return insertLines(text, itemEnd(after), `${indent}${entry.block ?? entry.flow}`, indent);
}

function insertLines(text: string, after: number, lines: string, indent: string): TextEdit {
  const at = lineEnd(text, after);
  const isOpen = at > 0 && text[at - 1] !== '\n';
  const indented = lines.replaceAll(/\n(?=[^\n])/g, `\n${indent}`);
  return { start: at, end: at, text: `${isOpen ? '\n' : ''}${indented}\n` };
}
