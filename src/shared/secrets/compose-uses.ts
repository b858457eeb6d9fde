import { type Document, isMap, isSeq, LineCounter, type Node } from 'yaml';
import { composeDocument } from '../environment/compose-document.ts';
import { startOf } from '../yaml-place.ts';
import { entriesOf, entryOf, itemsOf, resolved, textOf } from './compose-nodes.ts';
import { shellWords } from './named-values.ts';

/** A place of a compose file where a service gets something that may be a credential. */
export interface ComposeUse {
  readonly service: string;
  /** `variable`, `argument` of a build, `command` (all its words), `label`, `env_file`, `mount` or `secret`. */
  readonly how: 'variable' | 'argument' | 'command' | 'label' | 'env_file' | 'mount' | 'secret';
  /** The variable; the key; the path of a file as written. */
  readonly name: string;
  /** As written, references not filled in; undefined for a variable that is passed through. */
  readonly template: string | undefined;
  /** Of commands. */
  readonly words?: readonly string[];
  /** `compose.yaml:12` */
  readonly place: string;
}

type Found = Omit<ComposeUse, 'service' | 'place'> & { readonly at: unknown };

/** Everything in a compose file by which a value or a file comes to a service. */
export function composeUses(text: string, fileName: string): readonly ComposeUse[] {
  const lines = new LineCounter();
  const document = composeDocument(text, lines);
  if (document === undefined) return [];
  const placed =
    (service: string) =>
    (found: Found): ComposeUse => {
      const { at, ...use } = found;
      return { ...use, service, place: `${fileName}:${lines.linePos(startOf(at)).line}` };
    };
  const services = entriesOf(document, entryOf(document, document.contents, 'services')?.value);
  return [
    ...services.flatMap(({ name, value }) => serviceUses(document, value).map(placed(name))),
    ...['secrets', 'configs'].flatMap((kind) => fileSecrets(document, kind).map(placed(kind))),
  ];
}

function serviceUses(document: Document, service: Node | undefined): readonly Found[] {
  const part = (name: string) => entryOf(document, service, name);
  const build = part('build')?.value;
  const health = part('healthcheck')?.value;
  return [
    ...assignments(document, part('environment')?.value).map((found) => ({
      ...found,
      how: 'variable' as const,
    })),
    ...assignments(document, entryOf(document, build, 'args')?.value).map((found) => ({
      ...found,
      how: 'argument' as const,
    })),
    ...assignments(document, part('labels')?.value).map((found) => ({
      ...found,
      how: 'label' as const,
    })),
    ...[part('entrypoint'), part('command'), entryOf(document, health, 'test')].flatMap((entry) =>
      entry === undefined ? [] : command(document, entry.name, entry.value),
    ),
    ...itemsOf(document, part('env_file')?.value).flatMap((item) =>
      paths('env_file', item, isMap(item) ? entryOf(document, item, 'path')?.value : item),
    ),
    ...itemsOf(document, part('volumes')?.value).flatMap((item) => mount(document, item)),
  ];
}

/** `environment`, `labels` and `args`: a mapping, or a list of `NAME=value`. */
function assignments(
  document: Document,
  node: Node | undefined,
): readonly { name: string; template: string | undefined; at: Node }[] {
  const found = resolved(document, node);
  if (isSeq(found)) {
    return itemsOf(document, found).flatMap((item) => {
      const [name = '', ...rest] = (textOf(item) ?? '').split('=');
      return name === ''
        ? []
        : [{ name, template: rest.length === 0 ? undefined : rest.join('='), at: item }];
    });
  }
  return entriesOf(document, found).map(({ name, key, value }) => ({
    name,
    template: textOf(value),
    at: key,
  }));
}

function command(document: Document, name: string, node: Node | undefined): readonly Found[] {
  const own = textOf(node);
  const words =
    own === undefined
      ? itemsOf(document, node).flatMap((item) => textOf(item) ?? [])
      : shellWords(own);
  const template = words.join(' ');
  return words.length === 0 ? [] : [{ how: 'command', name, template, words, at: node }];
}

function paths(how: 'env_file' | 'mount' | 'secret', at: Node, path: unknown): readonly Found[] {
  const template = textOf(path);
  return template === undefined ? [] : [{ how, name: template, template, at }];
}

/** Only what is bound from the host's files; a name without a slash is a volume. */
function mount(document: Document, item: Node): readonly Found[] {
  if (isMap(item)) {
    const type = textOf(entryOf(document, item, 'type')?.value);
    return type === 'bind' ? paths('mount', item, entryOf(document, item, 'source')?.value) : [];
  }
  const source = /^((?:\$\{[^}]*\}|[^:])*):/.exec(textOf(item) ?? '')?.[1] ?? '';
  if (!/^[./~$]/.test(source)) return [];
  return [{ how: 'mount', name: source, template: source, at: item }];
}

/** Compose's own `secrets` and `configs`, whose content comes from a file of this host. */
function fileSecrets(document: Document, kind: string): readonly Found[] {
  const all = entriesOf(document, entryOf(document, document.contents, kind)?.value);
  return all.flatMap(({ value, key }) =>
    paths(kind === 'secrets' ? 'secret' : 'mount', key, entryOf(document, value, 'file')?.value),
  );
}
