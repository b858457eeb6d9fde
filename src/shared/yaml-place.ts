import { type Document, isAlias, isCollection, isMap, isNode, isScalar, type Node } from 'yaml';

/** Where a path stands in the text; a key that is missing is said of the object it is missing from. */
export function offsetOf(
  document: Document,
  path: readonly PropertyKey[],
  at: 'key' | 'value',
): number {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const [index, part] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    if (!isCollection(node)) return offset;
    const pair = isMap(node)
      ? node.items.find(({ key }) => isScalar(key) && String(key.value) === part)
      : undefined;
    const next = pair ? pair.value : node.get(part, true);
    if (pair) offset = startOf(pair.key);
    if (!isNode(next)) return offset;
    if (!pair) offset = startOf(next);
    // A nested object's own start is its first key, so a problem of the whole object stays with its name.
    const isLast = index === path.length - 1;
    if (isLast && at === 'value' && !isCollection(next)) offset = startOf(next);
    node = next;
  }
  return offset;
}

/** Where a node begins; 0 for what is none. */
export const startOf = (node: unknown): number =>
  isNode(node) ? ((node as Node).range?.[0] ?? 0) : 0;
