import type { SecretWaiver } from '../platform-file.ts';
import type { Sighting } from './sight-credentials.ts';

export type CredentialState = 'declared' | 'waived' | 'red';

/** Where a credential stands. Never its value. */
export interface CredentialPlace extends Pick<Sighting, 'what' | 'how' | 'place'> {
  /** Variables of the environment file that bring it here; none where it is written out. */
  readonly by: readonly string[];
  readonly state: CredentialState;
  readonly why: string;
}

/** One value that looks like a credential, at every place where it stands. */
export interface FoundCredential {
  readonly name: string;
  /** Tells values apart without showing them. */
  readonly fingerprint: string;
  /** The worst of its places. */
  readonly state: CredentialState;
  readonly places: readonly CredentialPlace[];
}

export interface SecretInventory {
  readonly schema: 'runbook.secret-inventory/v1';
  readonly project: string;
  readonly credentials: readonly FoundCredential[];
  /** What waivers name and nothing is called. */
  readonly unusedWaivers: readonly string[];
  /** What could not be looked at, in words. */
  readonly doubts: readonly string[];
}

/** What a platform file says of its secrets, as far as it decides about a sighting. */
export interface Declarations {
  /** The `secret` variables of the environment. */
  readonly variables: ReadonlySet<string>;
  readonly waivers: readonly SecretWaiver[];
  /** The day that counts for waivers, `2027-01-31`. */
  readonly today: string;
  /** Names like credentials that are known to be none. */
  isHarmless(name: string): boolean;
  /** The secret item whose present value it is, if any. */
  itemOf(value: string): string | undefined;
  fingerprint(value: string): string;
}

/** Sorts sightings by their values, says of each whether it is declared, waived or red, and drops the values. */
export function inventoryOf(
  sightings: readonly Sighting[],
  declared: Declarations,
): Pick<SecretInventory, 'credentials' | 'unusedWaivers'> {
  const relevant = sightings.filter(({ name }) => !declared.isHarmless(name));
  const groups = Map.groupBy(relevant, ({ value }) => value);
  const used = new Set<string>();
  const credentials = [...groups].map(([value, own]): FoundCredential => {
    const judged = own.map((sighting): CredentialPlace => {
      const origin = originOf(sighting, own);
      const { what, how, place } = sighting;
      return { what, how, place, by: origin.from, ...judge(origin, declared, used) };
    });
    return {
      name: nameOf(own),
      fingerprint: declared.fingerprint(value),
      state: worst(judged),
      places: unique(judged),
    };
  });
  return {
    credentials: credentials.toSorted(
      (a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.name.localeCompare(b.name),
    ),
    unusedWaivers: declared.waivers.map(({ what }) => what).filter((what) => !used.has(what)),
  };
}

const order: readonly CredentialState[] = ['red', 'waived', 'declared'];

const worst = (places: readonly { readonly state: CredentialState }[]): CredentialState =>
  order.find((state) => places.some((place) => place.state === state)) ?? 'declared';

/** A container shows what its files say; one that shows more is judged by itself. */
function originOf(sighting: Sighting, group: readonly Sighting[]): Sighting {
  if (sighting.how !== 'container') return sighting;
  return group.find(({ how, name }) => how !== 'container' && name === sighting.name) ?? sighting;
}

type Judgement = Pick<CredentialPlace, 'state' | 'why'>;

function judge(sighting: Sighting, declared: Declarations, used: Set<string>): Judgement {
  const declaration = declarationOf(sighting, declared);
  if (declaration !== undefined) return { state: 'declared', why: declaration };
  const { what, name } = sighting;
  const waiver = declared.waivers.find((one) => one.what === what || one.what === name);
  if (waiver !== undefined) {
    used.add(waiver.what);
    return waiver.expires < declared.today
      ? { state: 'red', why: `its waiver expired on ${waiver.expires}` }
      : { state: 'waived', why: `until ${waiver.expires}: ${waiver.reason}` };
  }
  const item = declared.itemOf(sighting.value);
  if (item !== undefined) return { state: 'red', why: `a copy of the secret ${item}` };
  return { state: 'red', why: 'nobody declares it' };
}

/** Which secret variable brings the value here; undefined where it is written out. */
function declarationOf({ from }: Sighting, { variables }: Declarations): string | undefined {
  const source = from.find((name) => variables.has(name));
  return source === undefined ? undefined : `secret variable ${source}`;
}

/** The name in the environment file, else the first that a file gives it. */
const nameOf = (group: readonly Sighting[]): string => group[0]?.name ?? '';

function unique(places: readonly CredentialPlace[]): readonly CredentialPlace[] {
  const seen = new Set<string>();
  return places.filter(({ what, place, how }) => {
    const key = JSON.stringify([what, place, how]);
    return !seen.has(key) && seen.add(key);
  });
}
