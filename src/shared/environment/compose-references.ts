import { type Document, isMap, isScalar, isSeq, LineCounter, type Scalar, visit } from 'yaml';
import { asList, asObject, composeDocument, composeValue } from './compose-document.ts';
import { type TemplateReference, templateReferences } from './interpolation.ts';

/** A variable that a compose file takes from the environment. */
export interface ComposeReference extends TemplateReference {
  /** Where: `compose.yaml:12`. */
  readonly place: string;
}

/** What a compose file takes from the environment, each name once, where its need is strictest. */
export function composeReferences(
  composeText: string,
  fileName: string,
): readonly ComposeReference[] {
  return strictest(everyComposeReference(composeText, fileName));
}

/** Every place where a compose file takes something from the environment, in the order of its lines. */
export function everyComposeReference(
  composeText: string,
  fileName: string,
): readonly ComposeReference[] {
  const lines = new LineCounter();
  const document = composeDocument(composeText, lines);
  if (document === undefined) return [];
  return [...interpolated(document, composeText), ...passedThrough(document)]
    .toSorted((a, b) => a.offset - b.offset)
    .map(({ offset, ...reference }) => ({
      ...reference,
      place: `${fileName}:${lines.linePos(offset).line}`,
    }));
}

const strictness = { optional: 0, plain: 1, must: 2 } as const;

/** Of several references to a name the one with the strictest need. */
export function strictest(references: readonly ComposeReference[]): readonly ComposeReference[] {
  const byName = new Map<string, ComposeReference>();
  for (const reference of references) {
    const earlier = byName.get(reference.name);
    if (!earlier || strictness[reference.need] > strictness[earlier.need]) {
      byName.set(reference.name, reference);
    }
  }
  return [...byName.values()];
}

type Found = TemplateReference & { readonly offset: number };

/** References in the values of the file; compose interpolates neither keys nor comments. */
function interpolated(document: Document, composeText: string): Found[] {
  const references: Found[] = [];
  visit(document, {
    Scalar(part, scalar) {
      if (part === 'key' || typeof scalar.value !== 'string') return;
      const [start, end] = scalar.range ?? [0, 0];
      const source = composeText.slice(start, end);
      let position = 0;
      for (const reference of templateReferences(scalar.value)) {
        const written = new RegExp(`\\$\\{?${reference.name}\\b`, 'g');
        written.lastIndex = position;
        position = written.exec(source)?.index ?? position;
        references.push({ ...reference, offset: start + position });
      }
    },
  });
  return references;
}

/**
 * `environment: [NAME]` and `environment: {NAME: }` hand a variable on without naming a value, to a build `args` do; a
 * secret or config of Compose takes the one that its `environment` names.
 */
function passedThrough(document: Document): Found[] {
  const names: Scalar[] = [];
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || (key.value !== 'environment' && key.value !== 'args')) return;
      if (isScalar(value)) names.push(value);
      if (isSeq(value)) names.push(...value.items.filter((item) => isScalar(item)));
      if (!isMap(value)) return;
      for (const pair of value.items) {
        const isEmpty = !pair.value || (isScalar(pair.value) && pair.value.value === null);
        if (isEmpty && isScalar(pair.key)) names.push(pair.key);
      }
    },
  });
  return names.flatMap(({ value, range }): Found[] =>
    typeof value === 'string' && /^[A-Za-z_]\w*$/.test(value)
      ? [{ name: value, need: 'optional', offset: range?.[0] ?? 0 }]
      : [],
  );
}

/** The parts of a compose file that lead to other files. */
interface ComposeLinks {
  readonly include?: unknown;
  readonly services?: Readonly<Record<string, { readonly extends?: unknown }>>;
}

/** Files that a compose file is continued in: its `include` and `extends`; paths as written. */
export function composeIncludes(composeText: string): readonly string[] {
  const { include, services } = asObject<ComposeLinks>(composeValue(composeText));
  const included = asList(include).flatMap((entry) =>
    typeof entry === 'string' ? [entry] : asList(asObject<{ path?: unknown }>(entry).path),
  );
  const extended = Object.values(asObject<Record<string, unknown>>(services)).map(
    (service) =>
      asObject<{ file?: unknown }>(asObject<{ extends?: unknown }>(service).extends).file,
  );
  return [...new Set([...included, ...extended].filter((path) => typeof path === 'string'))];
}
