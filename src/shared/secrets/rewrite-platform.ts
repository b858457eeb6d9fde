import {
  type Document,
  isCollection,
  isMap,
  isScalar,
  type Node,
  type Pair,
  stringify,
  type YAMLMap,
} from 'yaml';
import type { Consumer } from '../credential-schema.ts';
import { yamlDocument } from '../yaml-document.ts';
import type { MigratedAccount } from './migration.ts';
import { ownPair } from './rewrite-compose.ts';
import { applyEdits, type TextEdit } from './text-edits.ts';
import { appendItem, insertKey, removeItems, replacePair } from './yaml-edits.ts';

/** A secret item as the platform file is to say it. */
export interface NewItem {
  readonly name: string;
  readonly description: string;
  readonly length?: number | undefined;
  /** Compose service to the uid that its process runs as, and how it takes a new value. */
  readonly deliver: Readonly<Record<string, Consumer>>;
  /** What it opens, where that is known. */
  readonly credential?: MigratedAccount | undefined;
}

/** A platform file with new secret items, and without variables that they replace; every other byte stays. */
export function rewritePlatform(
  text: string,
  items: readonly NewItem[],
  variables: ReadonlySet<string>,
): string {
  const document = yamlDocument(text, {});
  const root = document?.contents;
  if (document === undefined || !isMap(root)) throw new Error('the platform file cannot be read');
  return applyEdits(text, [
    ...variableEdits(text, document, variables),
    ...itemEdits(text, root as YAMLMap, items),
  ]);
}

function variableEdits(
  text: string,
  document: Document,
  names: ReadonlySet<string>,
): readonly TextEdit[] {
  const environment = document.get('environment', true);
  const pair = isMap(environment) ? ownPair(environment, 'variables') : undefined;
  if (pair === undefined || !isMap(pair.value)) return [];
  const gone = pair.value.items.filter(({ key }) => isScalar(key) && names.has(String(key.value)));
  return gone.length === 0 ? [] : removeItems(text, pair.value, gone, pair.key as Node);
}

interface Entry {
  readonly flow: string;
  readonly block: string;
}

/** Under `secrets.items`, with as much of the way to it as is not there yet. */
function itemEdits(text: string, root: YAMLMap, items: readonly NewItem[]): readonly TextEdit[] {
  if (items.length === 0) return [];
  const entries = items.map(itemEntry);
  const all = nested('items', entries);
  const secrets = ownPair(root, 'secrets');
  if (secrets === undefined) {
    return [insertKey(text, root, nested('secrets', [all]), placeFor(root))];
  }
  if (!isMap(secrets.value) || secrets.value.items.length === 0) {
    return fill(text, secrets, [all]);
  }
  const own = ownPair(secrets.value, 'items');
  if (own === undefined) return [insertKey(text, secrets.value, all, secrets.value.items.at(-1))];
  const map = own.value;
  if (!isMap(map) || map.items.length === 0) return fill(text, own, entries);
  return items.flatMap((item, index) => {
    const known = ownPair(map, item.name);
    const entry = entries[index];
    if (known === undefined) return entry === undefined ? [] : [appendItem(text, map, entry)];
    return readerEdits(text, known, item);
  });
}

/** An item that is there already gets the readers that it does not have. */
function readerEdits(text: string, { value }: Pair, { deliver }: NewItem): readonly TextEdit[] {
  const readers = isMap(value) ? ownPair(value, 'deliver') : undefined;
  if (readers === undefined || !isMap(readers.value)) return [];
  const map = readers.value;
  const added = Object.entries(deliver).filter(([service]) => ownPair(map, service) === undefined);
  return added.map(([service, reader]) =>
    appendItem(text, map, { flow: `${service}: ${inFlow(reader)}` }),
  );
}

/** Beside what it is about; at the end where there is nothing such. */
const placeFor = (root: YAMLMap): Pair | undefined =>
  ownPair(root, 'environment') ?? root.items.at(-1);

/** Entries for a key that has no value yet. */
const fill = (text: string, pair: Pair, entries: readonly Entry[]): readonly TextEdit[] => {
  const flow = `{ ${entries.map((entry) => entry.flow).join(', ')} }`;
  if (isCollection(pair.value)) {
    const [start = 0, end = 0] = pair.value.range ?? [];
    return [{ start, end, text: flow }];
  }
  return replacePair(text, pair, {
    key: String((pair.key as { value?: unknown }).value),
    value: flow,
  });
};

const nested = (key: string, entries: readonly Entry[]): Entry => ({
  flow: `${key}: { ${entries.map(({ flow }) => flow).join(', ')} }`,
  block: `${key}:\n${entries.map(({ block }) => indented(block)).join('\n')}`,
});

const indented = (block: string) =>
  block
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');

function itemEntry({ name, description, length, deliver, credential }: NewItem): Entry {
  const parts = [
    `description: ${JSON.stringify(description)}`,
    ...(length === undefined ? [] : [`length: ${length}`]),
    `deliver: ${inFlow(deliver)}`,
  ];
  const flow = [
    ...parts,
    ...(credential === undefined ? [] : [`credential: ${inFlow(described(credential))}`]),
  ];
  const block = [
    ...parts,
    ...(credential === undefined ? [] : ['credential:', ...credentialLines(credential)]),
  ];
  return { flow: `${name}: { ${flow.join(', ')} }`, block: `${name}:\n  ${block.join('\n  ')}` };
}

const described = ({ service, type, account, route }: MigratedAccount) => ({
  ...{ service, type, account, strategy: 'single' },
  ...(route === undefined ? {} : { route }),
});

const credentialLines = (credential: MigratedAccount): readonly string[] =>
  Object.entries(described(credential)).map(([key, value]) => `  ${key}: ${inFlow(value)}`);

/** On one line, and quoted only where YAML would read something else. */
const inFlow = (value: unknown): string =>
  stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd();
