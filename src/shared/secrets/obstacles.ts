import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Pair,
  type YAMLMap,
} from 'yaml';
import { composeDocument } from '../environment/compose-document.ts';
import { entriesOf, entryOf, mayChange, textOf } from './compose-nodes.ts';
import { type ComposeUse, composeUses } from './compose-uses.ts';
import { secretsMount } from './migration.ts';
import { entryName, ownPair, ownService } from './rewrite-compose.ts';
import type { ComposeTextFile } from './sight-credentials.ts';

export interface OpenedFile extends ComposeTextFile {
  readonly document: Document;
  readonly uses: readonly ComposeUse[];
}

/** Compose files that are about to be rewritten. */
export type OpenedFiles = readonly OpenedFile[];

export const openFiles = (files: readonly ComposeTextFile[]): OpenedFiles =>
  files.flatMap((file) => {
    const document = composeDocument(file.text);
    return document ? [{ ...file, document, uses: composeUses(file.text, file.name) }] : [];
  });

/** Files in which a service has an entry of `environment` that is its own. */
export const filesWithEntry = (files: OpenedFiles, service: string, variable: string) =>
  files.filter(({ document }) => ownEntry(document, service, variable) !== undefined);

/** The file in which a key of a service is to be changed: the last that has it, else the first with the service. */
export function fileFor(files: OpenedFiles, service: string, key: string): OpenedFile | undefined {
  const own = files.filter(({ document }) => ownService(document, service) !== undefined);
  const withKey = own.findLast(({ document }) => {
    const map = ownService(document, service);
    return map !== undefined && ownPair(map, key) !== undefined;
  });
  return withKey ?? own[0];
}

/** Whether one of the files has a key of a service. */
export const hasKey = (files: OpenedFiles, service: string, key: string): boolean =>
  files.some(({ document }) => {
    const map = ownService(document, service);
    return map !== undefined && ownPair(map, key) !== undefined;
  });

/** The entry point of a service as a list in its compose files; undefined where none says it so. */
export function writtenWords(files: OpenedFiles, service: string): readonly string[] | undefined {
  for (const { document } of files.toReversed()) {
    const map = ownService(document, service);
    const words = map && ownPair(map, 'entrypoint')?.value;
    if (isSeq(words)) return words.items.flatMap((item) => textOf(item) ?? []);
  }
  return undefined;
}

/** Why a variable of a service cannot be taken out of its compose files; undefined when it can. */
export function variableObstacle(
  files: OpenedFiles,
  service: string,
  variable: string,
): string | undefined {
  for (const { document, uses, name } of files) {
    const services = entryOf(document, document.contents, 'services')?.value;
    const environment = entryOf(
      document,
      entryOf(document, services, service)?.value,
      'environment',
    );
    const isThere = uses.some(
      (use) => use.service === service && use.how === 'variable' && use.name === variable,
    );
    if (environment === undefined || !isThere) continue;
    const entry = ownEntry(document, service, variable);
    if (entry === undefined) return `${name} takes it over from another place (an anchor)`;
    if (isAnchored(entry)) return anchored(name);
    if (isPair(entry) && mayChange(entry.value))
      return `${name} says it as no text: put it in quotes`;
  }
  const mention = new RegExp(`\\$\\$?\\{?${variable}\\b`);
  const user = files
    .flatMap(({ uses }) => uses)
    .find((use) => use.service === service && use.words?.some((word) => mention.test(word)));
  return user === undefined ? undefined : `its ${user.name} refers to it (${user.place})`;
}

/** Why a variable that names a file cannot be added; undefined when it can. Twice in one mapping is no YAML any more. */
export function fileVariableObstacle(
  files: OpenedFiles,
  service: string,
  variable: string,
): string | undefined {
  const known = files
    .flatMap(({ uses }) => uses)
    .find((use) => use.service === service && use.how === 'variable' && use.name === variable);
  return known === undefined ? undefined : `${variable} is there already (${known.place})`;
}

/** Why a service cannot be given files at all; undefined when it can. */
export function serviceObstacle(
  files: OpenedFiles,
  service: string,
  { delivered, needsScript }: { readonly delivered: string; readonly needsScript: boolean },
): string | undefined {
  const keys = [
    'environment',
    'volumes',
    ...(needsScript ? ['tmpfs', 'entrypoint', 'command'] : []),
  ];
  let isWritten = false;
  for (const { document, name, folder } of files) {
    const services = entryOf(document, document.contents, 'services')?.value;
    const heir = entriesOf(document, services).find(
      (other) => other.name !== service && extendsFrom(document, other.value) === service,
    );
    if (heir !== undefined) return `${heir.name} extends it (${name})`;
    const all = entriesOf(document, entryOf(document, services, service)?.value);
    const map = ownService(document, service);
    if (map === undefined && all.length > 0) return `${name} takes it over from another place`;
    if (map === undefined) continue;
    isWritten = true;
    const foreign = all.find((entry) => keys.includes(entry.name) && !entry.own);
    if (foreign !== undefined) return `${name} takes its ${foreign.name} over from another place`;
    if (changed(document, service, keys).some(isAnchored)) return anchored(name);
    if (ownPair(map, 'secrets') !== undefined) return `it has secrets of Compose (${name})`;
    const other = mountsOf(map).find((mount) => mount.split(':')[1] === secretsMount);
    if (other !== undefined && !isDelivered(other, delivered, folder)) {
      return `${name} mounts something else at ${secretsMount}`;
    }
  }
  return isWritten ? undefined : 'no compose file of the platform describes it itself';
}

/** Whether a service sees its delivered secrets already. */
export const hasMount = (files: OpenedFiles, service: string, delivered: string): boolean =>
  files.some(({ document, folder }) => {
    const map = ownService(document, service);
    return (
      map !== undefined && mountsOf(map).some((mount) => isDelivered(mount, delivered, folder))
    );
  });

/** A path below the project's folder as a compose file writes it. */
export function pathFrom(folder: string | undefined, path: string): string {
  const levels = (folder ?? '').split('/').filter((part) => part !== '' && part !== '.').length;
  return levels === 0 ? `./${path}` : `${'../'.repeat(levels)}${path}`;
}

function isDelivered(mount: string, delivered: string, folder: string | undefined): boolean {
  const [source = '', target] = mount.split(':');
  const wanted = pathFrom(folder, delivered);
  return (
    target === secretsMount &&
    [wanted, wanted.replace('./', '')].includes(source.replace(/\/$/, ''))
  );
}

function mountsOf(map: Parameters<typeof ownPair>[0]): readonly string[] {
  const volumes = ownPair(map, 'volumes')?.value;
  if (!isSeq(volumes)) return [];
  return volumes.items.flatMap((item) =>
    isMap(item) ? `${item.get('source')}:${item.get('target')}` : (textOf(item) ?? []),
  );
}

function extendsFrom(document: Document, service: unknown): string | undefined {
  const value = entryOf(document, service, 'extends')?.value;
  return textOf(value) ?? textOf(entryOf(document, value, 'service')?.value);
}

/** The entry of `environment` as the service itself has it; undefined for one that it takes over. */
function ownEntry(document: Document, service: string, variable: string): unknown {
  const map = ownService(document, service);
  const environment = map && ownPair(map, 'environment')?.value;
  if (!isMap(environment) && !isSeq(environment)) return undefined;
  return (environment.items as unknown[]).find(
    (item) => (isScalar(item) || isPair(item)) && entryName(item) === variable,
  );
}

const anchored = (file: string) => `${file} refers to it from elsewhere (an anchor)`;

/** What is edited, or replaced whole: whoever merges it would lose with it, or gain. */
function changed(document: Document, service: string, keys: readonly string[]): readonly unknown[] {
  const services = document.get('services', true);
  const own = isMap(services) ? ownPair(services, service) : undefined;
  const pairs = isMap(own?.value) ? keys.map((key) => ownPair(own.value as YAMLMap, key)) : [];
  // Of these the words are written anew as well.
  const entrypoint = pairs[keys.indexOf('entrypoint')]?.value;
  return [own, ...pairs, ...(isSeq(entrypoint) ? entrypoint.items : [])];
}

const isPair = (item: unknown): item is Pair =>
  typeof item === 'object' && item !== null && 'key' in item;

function isAnchored(entry: unknown): boolean {
  const nodes = isPair(entry) ? [entry.key, entry.value] : [entry];
  return nodes.some((node) => isAlias(node) || (isNode(node) && 'anchor' in node && !!node.anchor));
}
