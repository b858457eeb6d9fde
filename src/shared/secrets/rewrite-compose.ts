import {
  type Document,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  stringify,
  type YAMLMap,
} from 'yaml';
import { composeDocument } from '../environment/compose-document.ts';
import { applyEdits, type TextEdit } from './text-edits.ts';
import {
  appendItem,
  type Entries,
  insertKey,
  removeItems,
  replaceEntry,
  replaceNode,
  replacePair,
} from './yaml-edits.ts';

/** What becomes of a service in one compose file. */
export interface ServiceChange {
  readonly service: string;
  /** Entries of `environment`: another name and value, or gone. */
  readonly variables: readonly VariableChange[];
  /** New entries of `environment`. */
  readonly added: readonly { readonly name: string; readonly value: string }[];
  readonly volumes: readonly string[];
  readonly tmpfs: readonly string[];
  /** As words of a compose file: `$$` where the container is to see a dollar. */
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
}

interface VariableChange {
  readonly name: string;
  readonly instead?: { readonly name: string; readonly value: string };
}

/** A compose file with its services changed; every other byte stays. */
export function rewriteCompose(text: string, changes: readonly ServiceChange[]): string {
  const document = composeDocument(text);
  if (document === undefined) throw new Error('the compose file cannot be read as YAML');
  return applyEdits(
    text,
    changes.flatMap((change) => serviceEdits(text, document, change)),
  );
}

/** The mapping of a service as this file writes it itself. */
export function ownService(document: Document, service: string): YAMLMap | undefined {
  const services = document.get('services', true);
  const map = isMap(services) ? services.get(service, true) : undefined;
  return isMap(map) ? map : undefined;
}

export const ownPair = (map: YAMLMap, name: string): Pair | undefined =>
  map.items.find(({ key }) => isScalar(key) && key.value === name);

function serviceEdits(
  text: string,
  document: Document,
  change: ServiceChange,
): readonly TextEdit[] {
  const map = ownService(document, change.service);
  if (map === undefined) throw new Error(`the compose file has no service ${change.service}`);
  const environment = ownPair(map, 'environment');
  const after = environment ?? map.items.at(-1);
  const list = (key: string, items: readonly string[]) => listEdits(text, map, key, items, after);
  return [
    ...environmentEdits(text, map, environment, change),
    ...list('volumes', change.volumes),
    ...list('tmpfs', change.tmpfs),
    ...wordEdits(text, map, 'entrypoint', change.entrypoint, after),
    ...wordEdits(text, map, 'command', change.command, after),
  ];
}

function environmentEdits(
  text: string,
  map: YAMLMap,
  pair: Pair | undefined,
  change: ServiceChange,
): readonly TextEdit[] {
  const entries = pair?.value;
  const { variables, added } = paired(change);
  if (pair === undefined || !isCollection(entries))
    return newEnvironment(text, map, pair, change.added);
  const isList = isSeq(entries);
  const itemOf = (name: string) =>
    (entries.items as unknown[]).find((item) => entryName(item) === name);
  const gone = variables.filter(({ instead }) => instead === undefined);
  const owner = pair.key as Parameters<typeof removeItems>[3];
  const removed =
    gone.length === 0
      ? []
      : removeItems(
          text,
          entries as Entries,
          gone.map(({ name }) => itemOf(name)),
          owner,
        );
  const renamed = variables.flatMap(({ name, instead }) => {
    if (instead === undefined) return [];
    const item = itemOf(name);
    if (!isList)
      return replacePair(text, item as Pair, { key: instead.name, value: instead.value });
    return [
      replaceNode(item as Parameters<typeof replaceNode>[0], `${instead.name}=${instead.value}`),
    ];
  });
  const appended = added.map(({ name, value }) =>
    appendItem(text, entries as Entries, {
      flow: isList ? `${name}=${value}` : `${name}: ${value}`,
    }),
  );
  return [...removed, ...renamed, ...appended];
}

/** A new entry takes the place of one that goes, where there is one. */
function paired({ variables, added }: ServiceChange): Pick<ServiceChange, 'variables' | 'added'> {
  const left = [...added];
  const renamed = variables.map((variable) => {
    const instead = variable.instead ?? left.shift();
    return instead === undefined ? variable : { name: variable.name, instead };
  });
  return { variables: renamed, added: left };
}

/** `NAME` of `NAME: value` and of `- NAME=value`. */
export function entryName(item: unknown): string {
  if (isScalar(item)) return String(item.value).split('=', 1)[0] ?? '';
  const { key } = item as Pair;
  return isScalar(key) ? String(key.value) : '';
}

function newEnvironment(
  text: string,
  map: YAMLMap,
  pair: Pair | undefined,
  added: ServiceChange['added'],
): readonly TextEdit[] {
  if (added.length === 0) return [];
  const entries = added.map(({ name, value }) => `${name}: ${value}`);
  const flow = `environment: { ${entries.join(', ')} }`;
  // A key without a value is as good as none, but it is there.
  if (pair !== undefined)
    return replacePair(text, pair, { key: 'environment', value: flow.slice(13) });
  return [
    insertKey(
      text,
      map,
      { flow, block: `environment:\n  ${entries.join('\n  ')}` },
      map.items.at(-1),
    ),
  ];
}

function listEdits(
  text: string,
  map: YAMLMap,
  key: string,
  items: readonly string[],
  after: Pair | undefined,
): readonly TextEdit[] {
  if (items.length === 0) return [];
  const quoted = items.map((item) => JSON.stringify(item));
  const value = ownPair(map, key)?.value;
  if (isSeq(value)) return quoted.map((item) => appendItem(text, value, { flow: item }));
  if (isScalar(value) && typeof value.value === 'string') {
    return [replaceNode(value, `[${[JSON.stringify(value.value), ...quoted].join(', ')}]`)];
  }
  return [insertKey(text, map, { flow: `${key}: [${quoted.join(', ')}]` }, after)];
}

/** A script reads better as a block; on one line where the file is written so. */
function wordEdits(
  text: string,
  map: YAMLMap,
  key: string,
  words: readonly string[] | undefined,
  after: Pair | undefined,
): readonly TextEdit[] {
  if (words === undefined) return [];
  const flow = `${key}: ${JSON.stringify(words)}`;
  const isLong = words.some((word) => word.includes('\n'));
  const block = isLong ? stringify({ [key]: words }, { lineWidth: 0 }).trimEnd() : flow;
  const pair = ownPair(map, key);
  if (pair === undefined) return [insertKey(text, map, { flow, block }, after)];
  return [replaceEntry(text, map, pair, { flow, block })];
}
