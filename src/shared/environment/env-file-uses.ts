import { isMap, isScalar, isSeq, LineCounter, type Node, visit } from 'yaml';
import { composeDocument } from './compose-document.ts';

/** A place where a compose file hands a whole environment file to a service. */
export interface EnvFileUse {
  /** As written: compose reads it from the folder of the compose file. */
  readonly path: string;
  readonly place: string;
}

/** The `env_file` entries of a compose file: a name, a list of names, or a list of `{path: name}`. */
export function envFileUses(composeText: string, fileName: string): readonly EnvFileUse[] {
  const lines = new LineCounter();
  const uses: EnvFileUse[] = [];
  const add = (node: unknown) => {
    if (isMap(node)) return add(node.get('path', true));
    if (!isScalar(node) || typeof node.value !== 'string') return;
    const { line } = lines.linePos(node.range?.[0] ?? 0);
    uses.push({ path: node.value, place: `${fileName}:${line}` });
  };
  const document = composeDocument(composeText, lines);
  if (document === undefined) return [];
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || key.value !== 'env_file') return;
      for (const entry of isSeq<Node>(value) ? value.items : [value]) add(entry);
    },
  });
  return uses;
}
