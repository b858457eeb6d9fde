import { type Document, type LineCounter, parseDocument, visit } from 'yaml';
import { limits } from './limits.ts';

/** From the top to the deepest, pairs of a mapping included: more than any file may have, and less than fits. */
const mostNodes = 10 * limits.yamlDepth;

interface YamlReading {
  readonly lineCounter?: LineCounter | undefined;
  /** Whether `<<` takes over the keys of another mapping, as Compose has it. */
  readonly merge?: boolean;
}

/**
 * A text as YAML, whatever is wrong with it; undefined when it is nested more deeply than anybody writes. The library's
 * calls are nested as deeply, and how much room they have differs from call to call. Repeated keys are not looked for: that takes the square of their number.
 */
export function yamlDocument(
  text: string,
  { lineCounter, merge = false }: YamlReading,
): Document | undefined {
  try {
    const document = parseDocument(text, {
      merge,
      uniqueKeys: false,
      prettyErrors: false,
      version: '1.2',
      ...(lineCounter ? { lineCounter } : {}),
    });
    const exhausted = document.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION');
    return exhausted || isTooDeep(document) ? undefined : document;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function isTooDeep(document: Document): boolean {
  let deepest = 0;
  visit(document, (_, __, { length }) => {
    deepest = Math.max(deepest, length);
    return deepest > mostNodes ? visit.BREAK : undefined;
  });
  return deepest > mostNodes;
}
