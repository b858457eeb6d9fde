import { RunbookError } from '../../../src/shared/errors.ts';

/** No reader may take longer for one input, on a machine that does other things as well. */
const caseMs = 10_000;

/** What C0 would do to a terminal that prints an error. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that are looked for
const control = /[\u0000-\u0008\u000b-\u001f\u007f]/;

/** An error as people get it: what, why and fix in words, of bounded length, one problem a line. */
interface Refusal {
  readonly code: string;
  readonly why: readonly string[];
}

/**
 * Either a value or an error that teaches. Throws, with the time it took, when a reader crashes, says too little or
 * too much, or takes too long.
 */
export function outcomeOf<T>(read: () => T): { readonly value: T } | Refusal {
  const startedMs = performance.now();
  try {
    return { value: read() };
  } catch (error) {
    if (!(error instanceof RunbookError)) throw error;
    return refusalOf(error);
  } finally {
    const ms = performance.now() - startedMs;
    // biome-ignore lint/correctness/noUnsafeFinally: a case that hangs fails, whatever it came to
    if (ms > caseMs) throw new Error(`it took ${Math.round(ms)} ms`);
  }
}

function refusalOf({ code, message, why = '', fix = '' }: RunbookError): Refusal {
  for (const [name, text] of Object.entries({ message, why, fix })) {
    if (text.trim() === '') throw new Error(`${code} has no ${name}`);
    if (text.length > 64_000) throw new Error(`${code}: ${name} has ${text.length} characters`);
    if (control.test(text)) throw new Error(`${code}: ${name} holds control characters`);
  }
  return { code, why: why.split('\n') };
}
