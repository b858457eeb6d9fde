import { type Document, isScalar, type LineCounter, visit } from 'yaml';
import { limits } from '../limits.ts';
import { yamlDocument } from '../yaml-document.ts';

/**
 * A compose file as YAML; undefined for one that cannot be read here in good time. Such a file is for Compose to
 * complain about, in its own words.
 */
export function composeDocument(text: string, lineCounter?: LineCounter): Document | undefined {
  if (text.length > limits.fileBytes) return undefined;
  const document = yamlDocument(text, { lineCounter, merge: true });
  return document && hasPlainKeys(document) ? document : undefined;
}

/** What a compose file says, merge keys followed; nothing of one that cannot be read. */
export function composeValue(text: string): unknown {
  try {
    return composeDocument(text)?.toJS({ maxAliasCount: limits.yamlAliases });
  } catch {
    return undefined;
  }
}

/** The value as an object of optional unknown parts; anything else is an empty one. */
export const asObject = <T extends object = Readonly<Record<string, unknown>>>(
  value: unknown,
): Partial<T> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};

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
