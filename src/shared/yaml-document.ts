import { type Document, type LineCounter, parseDocument } from 'yaml';

interface YamlReading {
  readonly lineCounter?: LineCounter | undefined;
  /** Whether `<<` takes over the keys of another mapping, as Compose has it. */
  readonly merge?: boolean;
}

/**
 * A text as YAML, whatever is wrong with it; undefined when it is nested so deeply that the library, whose calls are
 * nested as deeply, has no room for them. Repeated keys are not looked for: that takes the square of their number.
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
    return exhausted ? undefined : document;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
