import { searchAttributes } from './messages.ts';

/** In the words of the `temporal` command. */
const types: Readonly<Record<keyof typeof searchAttributes, 'Keyword' | 'Bool'>> = {
  platform: 'Keyword',
  state: 'Keyword',
  step: 'Keyword',
  trigger: 'Keyword',
  plan: 'Bool',
};

/** Every search attribute with its type, as a server has to know them. */
export const typedSearchAttributes = Object.entries(searchAttributes).map(([key, name]) => ({
  name,
  type: types[key as keyof typeof searchAttributes],
}));

/** Those of ours that a server does not know. */
export function missingSearchAttributes(known: object): string[] {
  return typedSearchAttributes
    .map(({ name }) => name)
    .filter((name) => !Object.hasOwn(known, name));
}

/** The command that makes them known; each name is followed by its own type. */
export function registerCommand(missing: readonly string[], namespace: string): string {
  const flags = typedSearchAttributes
    .filter(({ name }) => missing.includes(name))
    .map(({ name, type }) => `--name ${name} --type ${type}`);
  const command = 'temporal operator search-attribute create';
  return [command, `--namespace ${namespace}`, ...flags].join(' ');
}
