import { isMap, isScalar, isSeq, parseDocument, visit } from 'yaml';
import { limits } from '../limits.ts';
import { type TemplateReference, templateReferences } from './interpolation.ts';

/** What a compose file takes from the environment, each name once with its strictest need. */
export function composeReferences(composeText: string): readonly TemplateReference[] {
  const strictest = new Map<string, TemplateReference>();
  for (const reference of [...interpolated(composeText), ...passedThrough(composeText)]) {
    const earlier = strictest.get(reference.name);
    if (!earlier || strictness[reference.need] > strictness[earlier.need]) {
      strictest.set(reference.name, reference);
    }
  }
  return [...strictest.values()];
}

const strictness = { optional: 0, plain: 1, must: 2 } as const;

/** References in the values of the file; compose interpolates neither keys nor comments. */
function interpolated(composeText: string): TemplateReference[] {
  const references: TemplateReference[] = [];
  visit(parseDocument(composeText), {
    Scalar(part, scalar) {
      if (part === 'key' || typeof scalar.value !== 'string') return;
      references.push(...templateReferences(scalar.value));
    },
  });
  return references;
}

/** `environment: [NAME]` and `environment: {NAME: }` hand a variable on without naming a value. */
function passedThrough(composeText: string): TemplateReference[] {
  const names: unknown[] = [];
  visit(parseDocument(composeText), {
    Pair(_, { key, value }) {
      if (!isScalar(key) || key.value !== 'environment') return;
      if (isSeq(value)) names.push(...value.items.map((item) => isScalar(item) && item.value));
      if (!isMap(value)) return;
      for (const pair of value.items) {
        const isEmpty = !pair.value || (isScalar(pair.value) && pair.value.value === null);
        if (isEmpty && isScalar(pair.key)) names.push(pair.key.value);
      }
    },
  });
  return names
    .filter((name) => typeof name === 'string' && /^[A-Za-z_]\w*$/.test(name))
    .map((name) => ({ name: String(name), need: 'optional' }));
}

/** The parts of a compose file that lead to other files. */
interface ComposeLinks {
  readonly include?: unknown;
  readonly services?: Readonly<Record<string, { readonly extends?: unknown }>>;
}

/** Files that a compose file is continued in: its `include` and `extends`; paths as written. */
export function composeIncludes(composeText: string): readonly string[] {
  const { include, services } = asObject<ComposeLinks>(plainValue(composeText));
  const included = asList(include).flatMap((entry) =>
    typeof entry === 'string' ? [entry] : asList(asObject<{ path?: unknown }>(entry).path),
  );
  const extended = Object.values(asObject<Record<string, unknown>>(services)).map(
    (service) =>
      asObject<{ file?: unknown }>(asObject<{ extends?: unknown }>(service).extends).file,
  );
  return [...new Set([...included, ...extended].filter((path) => typeof path === 'string'))];
}

/** A file that this cannot read is for compose to complain about, in its own words. */
function plainValue(composeText: string): unknown {
  try {
    return parseDocument(composeText).toJS({ maxAliasCount: limits.yamlAliases });
  } catch {
    return undefined;
  }
}

/** The value as an object of optional unknown parts; anything else is an empty one. */
const asObject = <T extends object>(value: unknown): Partial<T> =>
  typeof value === 'object' && value !== null ? value : {};

function asList(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
