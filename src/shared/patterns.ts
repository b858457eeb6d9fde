/** Why a regular expression cannot be used, in the words of a problem; undefined when it can. */
export function patternProblem(pattern: string): string | undefined {
  try {
    new RegExp(pattern);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split(': ').at(-1) : String(error);
    return `expected a regular expression, got one that does not compile (${reason})`;
  }
}

/** Whether the whole of `text` matches: a definition's author need not write ^ and $. */
export function matchesWhole(pattern: string, text: string): boolean {
  return new RegExp(`^(?:${pattern})$`).test(text);
}
