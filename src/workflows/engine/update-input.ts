/** Refuses an update whose argument is not an object with these non-empty texts; says what one looks like. */
export function requireText(input: unknown, names: readonly string[], example: string): void {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new Error(`expected one JSON object such as ${example}`);
  }
  const facts = input as Readonly<Record<string, unknown>>;
  for (const name of names) {
    const value = Object.hasOwn(facts, name) ? facts[name] : undefined;
    if (typeof value !== 'string' || value.trim() === '' || value.length > 500) {
      throw new Error(
        `"${name}" is missing or not a text of 1 to 500 characters; an example: ${example}`,
      );
    }
  }
}
