const shownNames = 8;
const shownLength = 60;

/** `a, b, c and 4 more`: of so many names no more than `most`. */
export function firstNames(names: readonly string[], most: number): string {
  const more = names.length - most;
  return `${names.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** A list in words whose length is bounded, whatever the names are. */
export const nameList = (names: readonly string[]): string =>
  firstNames(
    names.map((name) => cutName(name)),
    shownNames,
  );

export const cutName = (name: string, length = shownLength) =>
  name.length > length ? `${name.slice(0, length - 1)}…` : name;
