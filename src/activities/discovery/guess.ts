import type { Recognition, Sighting } from '../services/recognition.ts';
import { kinds } from '../services/registry.ts';

/** A service as the kinds recognise it, before anybody has asked it. */
export interface Guess extends Recognition {
  readonly kind: string;
  readonly name: string;
  readonly members: readonly string[];
}

/** As many as a platform file takes. */
const maxMembers = 64;

/** Every compose service belongs to one of them; they stand in the order of the sightings. */
export function guessServices(sightings: readonly Sighting[]): readonly Guess[] {
  const groups = new Map<string, { readonly guess: Guess; readonly members: string[] }>();
  for (const seen of sightings) {
    const guess = guessOne(seen);
    const stem = stemOf(seen.service);
    const key = guess.grouped && stem !== undefined ? `${guess.kind} ${stem} ${seen.image}` : '';
    const group = groups.get(key);
    if (key !== '' && group !== undefined) group.members.push(seen.service);
    else groups.set(key || `alone ${seen.service}`, { guess, members: [seen.service] });
  }
  const taken = new Set(sightings.map(({ service }) => service));
  return [...groups.values()].flatMap(({ guess, members }) => {
    if (members.length === 1) return [guess];
    const name = nameFor(members, guess.kind, taken);
    const group = { ...guess, name, members };
    if (members.length > maxMembers) return ungrouped([group]);
    taken.add(name);
    return [group];
  });
}

/** The same services, each compose service for itself. */
export function ungrouped(guesses: readonly Guess[]): readonly Guess[] {
  return guesses.flatMap((guess) =>
    guess.members.map((member) => ({ ...guess, name: member, members: [member] })),
  );
}

function guessOne(seen: Sighting): Guess {
  const guesses = kinds.flatMap(({ kind, recognize }) => {
    const found = recognize?.(seen);
    return found === undefined ? [] : [{ ...found, kind }];
  });
  const [best] = guesses.toSorted((a, b) => b.weight - a.weight);
  const nothing = { kind: 'container', weight: 0, reasons: [], settings: [{}] } as const;
  return { ...(best ?? nothing), name: seen.service, members: [seen.service] };
}

/** `pg` of `pg1`, `etcd` of `etcd-0`; nothing for a name without a number. */
const stemOf = (service: string): string | undefined => /^(.*?[a-z])[-_]?\d+$/.exec(service)?.[1];

/** A compose service of that name would belong to it without being a member. */
function nameFor(members: readonly string[], kind: string, taken: ReadonlySet<string>): string {
  const [first = kind] = members;
  const wanted = [stemOf(first) ?? first, kind].find((name) => !taken.has(name));
  return wanted ?? first;
}
