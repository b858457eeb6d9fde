import type { PlatformFile } from '../platform-file.ts';
import { type DotenvFile, type DotenvSegment, quoteTemplate, quoteValue } from './dotenv.ts';
import { comment } from './example.ts';
import { derivedValue, sourcesFirst, sourcesOf } from './variables.ts';

export interface EnvironmentPlanInput {
  readonly platform: Pick<PlatformFile, 'name' | 'environment'>;
  readonly file: DotenvFile;
  /** Secret variables whose value in the file is older than the store's. */
  readonly outdated?: ReadonlySet<string>;
}

/** The environment file as it should be. The lists are names: values never stand in them. */
export interface EnvironmentPlan {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  /** Secret variables among them, whose values `render` asks for. */
  readonly secrets: readonly string[];
  render(secretOf: (variable: string) => string): string;
}

/** A piece of the new file: kept text, or the value of a variable. */
type Piece = string | { readonly variable: string };

/**
 * Keeps every line that is right, fills in and corrects in place, and adds what is missing: at the end, or
 * above the first line that refers to it, because docker compose reads from top to bottom.
 */
export function planEnvironment(input: EnvironmentPlanInput): EnvironmentPlan {
  const { file, platform } = input;
  const declared = platform.environment.variables;
  const effective = new Map(file.entries.map((entry) => [entry.name, entry]));
  const changed = [...effective.keys()].filter((name) => needsValue(input, name));
  const missing = Object.keys(declared).filter(
    (name) => !effective.has(name) && hasOrigin(input, name),
  );
  const added = sourcesFirst(declared, missing);
  const places = insertionPlaces(input, added, changed);

  const pieces: Piece[] = file.segments.length === 0 && added.length > 0 ? [header(platform)] : [];
  for (const [index, segment] of file.segments.entries()) {
    for (const name of added) {
      if (places.get(name) === segment) pieces.push(...block(input, name), '\n');
    }
    const { entry, text, valueStart } = segment;
    // All lines with the value that is replaced: one that stood twice would contradict itself.
    const isReplaced =
      entry && changed.includes(entry.name) && entry.value === effective.get(entry.name)?.value;
    if (isReplaced) {
      pieces.push(valueStart === undefined ? `${text}=` : text.slice(0, valueStart));
      pieces.push({ variable: entry.name });
      // Without its quotes a value would swallow a comment that stood right after them.
      if (/^\S/.test(file.segments[index + 1]?.text ?? '')) pieces.push(' ');
    } else {
      pieces.push(text);
    }
  }
  const appended = added.filter((name) => !places.has(name));
  const lastText = file.segments.at(-1)?.text ?? '\n';
  if (appended.length > 0 && !lastText.endsWith('\n')) pieces.push('\n');
  for (const name of appended) pieces.push('\n', ...block(input, name));

  return {
    added: missing,
    changed,
    secrets: [...changed, ...added].filter((name) => declared[name]?.secret !== undefined),
    render: (secretOf) =>
      pieces
        .map((piece) =>
          typeof piece === 'string' ? piece : valueText(input, piece.variable, secretOf),
        )
        .join(''),
  };
}

const header = ({ name }: Pick<PlatformFile, 'name'>) =>
  `# Environment of the platform ${name}. A value changed here is kept.\n`;

const variableOf = ({ platform }: EnvironmentPlanInput, name: string) =>
  Object.hasOwn(platform.environment.variables, name)
    ? platform.environment.variables[name]
    : undefined;

function hasOrigin(input: EnvironmentPlanInput, name: string): boolean {
  const variable = variableOf(input, name);
  return [variable?.default, variable?.derive, variable?.secret].some(
    (origin) => origin !== undefined,
  );
}

/** Whether the assignment in the file has to be written anew; one made by hand is left for the audit. */
function needsValue(input: EnvironmentPlanInput, name: string): boolean {
  const variable = variableOf(input, name);
  const entry = input.file.entries.findLast((candidate) => candidate.name === name);
  if (!variable || !entry) return false;
  if (variable.secret) return !entry.value || (input.outdated?.has(name) ?? false);
  if (variable.derive === undefined)
    return entry.value === undefined && variable.default !== undefined;
  const lookup = (source: string) =>
    input.file.entries.findLast((other) => other.name === source)?.value;
  const isByHand = entry.value !== undefined && entry.value !== '' && entry.references.length === 0;
  return !isByHand && entry.value !== derivedValue(variable, lookup);
}

/** For a missing variable that an existing line refers to, directly or through another missing one: that line. */
function insertionPlaces(
  { file, platform }: EnvironmentPlanInput,
  added: readonly string[],
  changed: readonly string[],
): ReadonlyMap<string, DotenvSegment> {
  const declared = platform.environment.variables;
  const places = new Map<string, DotenvSegment>();
  const refersTo = (segment: DotenvSegment, name: string) => {
    const { entry } = segment;
    if (!entry) return false;
    if (changed.includes(entry.name)) return sourcesOf(declared, entry.name).includes(name);
    return entry.references.some((reference) => reference.name === name);
  };
  // Sources come first in the list, so backwards every dependent has its place before its sources ask for it.
  for (const name of added.toReversed()) {
    const dependents = added.filter((other) => sourcesOf(declared, other).includes(name));
    const wanted = new Set(dependents.map((other) => places.get(other)));
    const place = file.segments.find((segment) => wanted.has(segment) || refersTo(segment, name));
    if (place) places.set(name, place);
  }
  return places;
}

function block(input: EnvironmentPlanInput, name: string): Piece[] {
  return [
    `${comment(variableOf(input, name)?.description ?? '')}${name}=`,
    { variable: name },
    '\n',
  ];
}

function valueText(
  input: EnvironmentPlanInput,
  name: string,
  secretOf: (variable: string) => string,
): string {
  const variable = variableOf(input, name);
  if (variable?.secret) return quoteValue(secretOf(name));
  return variable?.derive === undefined
    ? quoteValue(variable?.default ?? '')
    : quoteTemplate(variable.derive);
}
