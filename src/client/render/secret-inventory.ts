import type { CredentialPlace, SecretInventory } from '../../shared/secrets/inventory.ts';
import type { Style } from './style.ts';
import { count, labelled, padEnd } from './text.ts';

const labelWidth = 10;

/** Each credential with its places, the red ones first; no value. */
export function inventoryLines(
  { credentials }: SecretInventory,
  width: number,
  style: Style,
): string[] {
  const paint = { red: style.bad, waived: style.caution, declared: style.faint } as const;
  return credentials.flatMap(({ name, fingerprint, state, places }) => [
    `${paint[state](padEnd(state, labelWidth))}${name} ${style.faint(fingerprint)}`,
    ...places.flatMap((place) => labelled(' '.repeat(labelWidth), placeWords(place), width)),
  ]);
}

const placeWords = ({ place, what, how, why, state }: CredentialPlace): string =>
  `${place} ${how === 'environment file' ? what : `${what} (${how})`}: ${state === 'red' ? why : `${state}, ${why}`}`;

/** `3 credentials: 1 red, 1 waived, 1 declared` */
export function inventorySummary({ project, credentials }: SecretInventory): string {
  const of = (state: string) => credentials.filter((found) => found.state === state).length;
  return `${project}: ${count(credentials.length, 'credential')}, ${of('red')} red, ${of('waived')} waived, ${of('declared')} declared`;
}
