import { type Document, isScalar, type LineCounter, visit } from 'yaml';
import { limits } from '../limits.ts';
import { yamlDocument } from '../yaml-document.ts';

/**
 * A compose file as YAML; undefined for one that cannot be read here in good time. Such a file is for Compose to
 * complain about, in its own words.
 */
export function composeDocument(text: string, lineCounter?: LineCounter): Document | undefined {
  if (text.length > limits.fileBytes) return undefined;
  const document = yamlDocument(text, lineCounter);
  return document && hasPlainKeys(document) ? document : undefined;
}

/** What may stand alone or in a list. */
export function asList(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** Keys of several parts, or of bytes, are nothing that Compose takes, and nested ones take hours to write out. */
function hasPlainKeys(document: Document): boolean {
  let plain = true;
  visit(document, {
    Pair(_, { key }) {
      plain = isScalar(key) && !(key.value instanceof Uint8Array);
      return plain ? undefined : visit.BREAK;
    },
  });
  return plain;
}
