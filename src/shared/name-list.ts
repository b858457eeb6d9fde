const shownNames = 8;
const shownLength = 60;

/** `a, b, c and 4 more`: a list in words whose length is bounded, whatever the names are. */
export function nameList(names: readonly string[]): string {
  const shown = names.slice(0, shownNames).map((name) => cutName(name));
  const rest = names.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

export const cutName = (name: string, length = shownLength) =>
  name.length > length ? `${name.slice(0, length - 1)}…` : name;
