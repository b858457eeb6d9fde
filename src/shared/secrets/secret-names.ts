import type { Sighting } from './sight-credentials.ts';

/** A credential that gets a name of its own: the variable that brings it, or a value that is written out. */
export interface NamedCredential {
  readonly name: string;
  readonly source: string | undefined;
  readonly value: string;
  /** Where it stands, but for containers that only show what files say. */
  readonly own: readonly Sighting[];
}

/**
 * One credential for each variable of the environment file: two that happen to have the same value open different
 * doors. A value that is written out belongs to the variable that has it too, if there is one alone.
 */
export function secretNames(
  sightings: readonly Sighting[],
  isFree: (name: string, value: string) => boolean,
): readonly NamedCredential[] {
  const taken = new Set<string>();
  return [...Map.groupBy(sightings, ({ value }) => value)].flatMap(([value, group]) => {
    const inFiles = group.filter(({ how }) => how !== 'container');
    const sources = [
      ...new Set(
        inFiles.flatMap(({ how, isWhole, name, from }) =>
          how === 'environment file' && isWhole && from.length === 1 ? [name] : [],
        ),
      ),
    ];
    const shown = new Set(inFiles.map(({ name }) => name));
    const all = group.filter(({ how, name }) => how !== 'container' || !shown.has(name));
    const keys = sources.length === 0 ? [undefined] : sources;
    return keys.map((source) => {
      const wanted = source ?? all[0]?.name ?? 'secret';
      const own = all.filter(
        ({ from }) =>
          source === undefined || from.includes(source) || (keys.length === 1 && from.length === 0),
      );
      return { name: freeName(wanted, value, taken, isFree), source, value, own };
    });
  });
}

function freeName(
  wanted: string,
  value: string,
  taken: Set<string>,
  isFree: (name: string, value: string) => boolean,
): string {
  const base = asName(wanted);
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (taken.has(name) || !isFree(name, value)) continue;
    taken.add(name);
    return name;
  }
}

/** `DB_PASSWORD` as `db-password`, short enough for a number behind it. */
const asName = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 56) || 'secret';
