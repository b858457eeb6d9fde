import type { FoundCredential, SecretInventory } from './inventory.ts';

/** How long a proposed waiver holds: until somebody looks again. */
const waiverDays = 90;

/** What to paste into the platform file, so that nothing is red any more; undefined when nothing is. */
export function proposal(
  { credentials }: Pick<SecretInventory, 'credentials'>,
  today: string,
): string | undefined {
  const red = credentials.filter(({ state }) => state === 'red');
  if (red.length === 0) return undefined;
  const variables = red.flatMap(variableOf);
  const waived = [...new Set(red.flatMap((found) => writtenOut(found, variables)))];
  const expires = new Date(Date.parse(today) + waiverDays * 86_400_000).toISOString().slice(0, 10);
  return [
    ...(variables.length === 0 ? [] : ['environment:', '  variables:']),
    ...variables.map(({ name, places }) => {
      const users = places.filter(({ how }) => how !== 'environment file').map(({ what }) => what);
      const description = `Taken by ${[...new Set(users)].join(', ') || 'nothing that was seen'}`;
      return `    ${name}: { description: ${JSON.stringify(description)}, secret: {} }`;
    }),
    ...(waived.length === 0 ? [] : ['secrets:', '  waivers:']),
    ...waived.map(
      (what) =>
        `    - { what: ${JSON.stringify(what)}, reason: TODO why it may stay there, expires: ${expires} }`,
    ),
    '',
  ].join('\n');
}

/** One that stands in the environment file becomes a secret variable: a deploy takes its value over. */
function variableOf({ places }: FoundCredential) {
  const own = places.find(({ how, state }) => how === 'environment file' && state === 'red');
  return own === undefined ? [] : [{ name: own.what, places }];
}

/** What is written out elsewhere cannot be declared before it has moved. */
function writtenOut(
  { places }: FoundCredential,
  variables: readonly { readonly name: string; readonly places: FoundCredential['places'] }[],
): readonly string[] {
  const declared = variables.some((variable) => variable.places === places);
  return places
    .filter(({ state, by }) => state === 'red' && !(declared && by.length > 0))
    .map(({ what }) => what);
}
