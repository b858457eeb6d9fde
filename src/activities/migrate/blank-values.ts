import { isScalar, type Scalar, visit } from 'yaml';
import { composeDocument } from '../../shared/environment/compose-document.ts';
import { parseDotenv } from '../../shared/environment/dotenv.ts';
import { interpolate } from '../../shared/environment/interpolation.ts';
import { literalPattern } from '../../shared/literal-pattern.ts';
import { urlPasswords } from '../../shared/secrets/credential-value.ts';
import type { Sighting } from '../../shared/secrets/sight-credentials.ts';
import { applyEdits, type TextEdit } from '../../shared/secrets/text-edits.ts';

/** Texts of a platform for people's eyes, with no value of a credential in them. */

const hidden = '[value]';

/** Of an environment file nothing but names is shown: nobody has said which values are harmless, or comments. */
export function blankDotenv(text: string): string {
  return parseDotenv(text)
    .segments.map(({ text: own, entry, valueStart }) => {
      if (valueStart !== undefined) return `${own.slice(0, valueStart)}${hidden}`;
      return entry === undefined ? own.replaceAll(/(?:#|[^\s#]).*/g, blankLine) : own;
    })
    .join('');
}

/** What is no comment between assignments is a line that cannot be read. */
const blankLine = (line: string) => (line.startsWith('#') ? '# [comment]' : hidden);

/** A compose or platform file without these values, however they are written, and without comments that give one. */
export function blankYaml(text: string, credentials: readonly Sighting[]): string {
  const values = [...new Set(credentials.map(({ value }) => value))]
    .filter((value) => value !== '')
    .map((value) => ({ value, pattern: standing(value) }));
  const edits = scalarsOf(text).flatMap((scalar) => scalarEdit(text, scalar, values));
  // A comment may repeat a value as it is written in the line below.
  const written = edits.map(({ start, end }) =>
    text.slice(start, end).replace(/^(['"])(.*)\1$/s, '$2'),
  );
  const all = [...values.map(({ value }) => value), ...written].sort((a, b) => b.length - a.length);
  const blanked = all.reduce(
    (left, value) => left.replaceAll(new RegExp(standing(value), 'g'), hidden),
    applyEdits(text, edits),
  );
  return blankComments(blanked, credentials);
}

interface Value {
  readonly value: string;
  readonly pattern: RegExp;
}

function scalarsOf(text: string): readonly Scalar[] {
  const document = composeDocument(text);
  const found: Scalar[] = [];
  if (document !== undefined) visit(document, { Scalar: (_, scalar) => void found.push(scalar) });
  return found;
}

/** The whole of a scalar that gives a value in other letters than its own: escapes, doubled quotes and dollars. */
function scalarEdit(text: string, scalar: Scalar, values: readonly Value[]): readonly TextEdit[] {
  if (!isScalar(scalar) || !scalar.range) return [];
  const [start, end] = scalar.range;
  const source = text.slice(start, end);
  const given = String(scalar.source ?? scalar.value);
  const filledIn = interpolate(given, () => undefined).value;
  const readings = [given, String(scalar.value), filledIn, filledIn.replaceAll(/["']/g, '')];
  const passwords = urlPasswords(filledIn);
  const isGiven = ({ value, pattern }: Value) =>
    passwords.includes(value) || readings.some((reading) => pattern.test(reading));
  if (!values.some((one) => !one.pattern.test(source) && isGiven(one))) return [];
  const name = /^[\w.-]+=/.exec(given)?.[0] ?? '';
  return [{ start, end, text: `${name}${hidden}${source.endsWith('\n') ? '\n' : ''}` }];
}

/** `# DB_PASSWORD=old`: an older value is one as well. */
function blankComments(text: string, credentials: readonly Sighting[]): string {
  const names = [...new Set(credentials.flatMap(({ name, from }) => [name, ...from]))].map(
    literalPattern,
  );
  if (names.length === 0) return text;
  const told = new RegExp(`((?:^|\\s)#.*?(?<!\\w)(?:${names.join('|')})["']?[ \\t]*[=:]).*`, 'gm');
  return text.replaceAll(told, `$1 ${hidden}`);
}

/** A short value is no part of a longer word. */
function standing(value: string): RegExp {
  return value.length >= 8
    ? new RegExp(literalPattern(value))
    : new RegExp(`(?<!\\w)${literalPattern(value)}(?!\\w)`);
}
