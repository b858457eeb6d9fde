import { type Document, isScalar, type LineCounter, parseDocument, visit } from 'yaml';
import { limits } from '../limits.ts';

/**
 * A compose file as YAML; undefined for one that cannot be read here in good time. Such a file is for Compose to
 * complain about, in its own words.
 */
export function composeDocument(text: string, lineCounter?: LineCounter): Document | undefined {
  if (text.length > limits.fileBytes) return undefined;
  // Repeated keys are Compose's business as well, and to look for them takes the square of their number.
  const document = parseDocument(text, {
    prettyErrors: false,
    uniqueKeys: false,
    ...(lineCounter ? { lineCounter } : {}),
  });
  return hasPlainKeys(document) ? document : undefined;
}

/** Keys of several parts are nothing that Compose takes, and nested ones take hours to write out. */
function hasPlainKeys(document: Document): boolean {
  let plain = true;
  visit(document, {
    Pair(_, { key }) {
      plain = isScalar(key);
      return plain ? undefined : visit.BREAK;
    },
  });
  return plain;
}
