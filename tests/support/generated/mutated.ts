import fc from 'fast-check';
import { awkwardText, awkwardValue, put } from './awkward.ts';

/** One change of a tree of objects and lists, at one of its places. */
interface Edit {
  readonly at: number;
  readonly kind: 'replace' | 'remove' | 'rename' | 'repeat' | 'wrap' | 'move';
  readonly value: unknown;
  readonly text: string;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('replace', 'replace', 'remove', 'rename', 'repeat', 'wrap', 'move'),
  value: awkwardValue,
  text: awkwardText,
});

/** A valid tree with some changes; none at all is one of the cases. */
export function mutated<T>(bases: readonly T[], maxEdits = 4): fc.Arbitrary<unknown> {
  return fc
    .tuple(fc.constantFrom(...bases), fc.array(edit, { maxLength: maxEdits }))
    .map(([base, edits]) => edits.reduce(changed, structuredClone<unknown>(base)));
}

type Place = readonly [parent: object, key: string];

function placesOf(tree: unknown): Place[] {
  const places: Place[] = [];
  const open = [tree];
  for (let next = open.pop(); next !== undefined && places.length < 5000; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    for (const key of Object.keys(next)) {
      places.push([next, key]);
      open.push(Object.getOwnPropertyDescriptor(next, key)?.value);
    }
  }
  return places;
}

function changed(tree: unknown, { at, kind, value, text }: Edit): unknown {
  const places = placesOf(tree);
  const place = places[at % Math.max(places.length, 1)];
  if (!place) return value;
  const [parent, key] = place;
  const old: unknown = Reflect.get(parent, key);
  if (kind === 'remove') Reflect.deleteProperty(parent, key);
  else if (kind === 'wrap') put(parent, key, [old]);
  else if (kind === 'move')
    put(parent, key, Reflect.get(...(places[(at >> 8) % places.length] as Place)));
  else if (Array.isArray(parent) || kind === 'replace') put(parent, key, value);
  else {
    if (kind === 'rename') Reflect.deleteProperty(parent, key);
    put(parent, text, old);
  }
  return withoutCircles(tree);
}

/** A place moved below itself has no end. */
function withoutCircles(tree: unknown): unknown {
  try {
    return structuredClone(JSON.stringify(tree) === undefined ? undefined : tree);
  } catch {
    return {};
  }
}
