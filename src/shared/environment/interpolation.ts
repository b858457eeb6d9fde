/** A name that a text refers to. */
export interface TemplateReference {
  readonly name: string;
  /** `must`: `${X:?}`; `plain`: `$X` or `${X}`, empty when X is unset; `optional`: it says what then. */
  readonly need: 'must' | 'plain' | 'optional';
}

export interface Interpolated {
  readonly value: string;
  readonly references: readonly TemplateReference[];
  /** Why compose would refuse the text; values never stand in it. */
  readonly problem?: string;
}

type Lookup = (name: string) => string | undefined;

const reference = /\$(?:(\$)|([A-Za-z_]\w*)|\{)/g;
const braced = /^([A-Za-z_]\w*)(?:(:?[-+?])([^\n]*))?$/;

/** Deeper nesting than this is refused, so that no text can exhaust the stack. */
const maxDepth = 20;

/** Replaces `$X`, `${X}`, `${X:-y}` and their kin as docker compose does; `$$` is one dollar. */
export function interpolate(text: string, lookup: Lookup, depth = 0): Interpolated {
  const references: TemplateReference[] = [];
  let problem: string | undefined;
  let value = '';
  let position = 0;
  for (const match of text.matchAll(reference)) {
    // It stands inside braces that have been replaced already.
    if (match.index < position) continue;
    value += text.slice(position, match.index);
    position = match.index + match[0].length;
    const [, dollar, name] = match;
    if (dollar !== undefined) {
      value += dollar;
    } else if (name !== undefined) {
      references.push({ name, need: 'plain' });
      value += lookup(name) ?? '';
    } else {
      const end = depth < maxDepth ? closingBrace(text, position) : -1;
      const inner = end === -1 ? null : braced.exec(text.slice(position, end));
      if (!inner) {
        problem = 'a "$" and "{" start no valid reference; a dollar sign is written "$$"';
        position = match.index;
        break;
      }
      const result = replaceBraced(inner, lookup, depth);
      references.push(...result.references);
      problem ??= result.problem;
      value += result.value;
      position = end + 1;
    }
  }
  value += text.slice(position);
  return { value, references, ...(problem === undefined ? {} : { problem }) };
}

/** The names that a text refers to, whatever their values. */
export function templateReferences(text: string): readonly TemplateReference[] {
  return interpolate(text, () => undefined).references;
}

function replaceBraced(
  [, name = '', operator, word = '']: RegExpExecArray,
  lookup: Lookup,
  depth: number,
): Interpolated {
  const given = lookup(name);
  if (operator === undefined) {
    return { value: given ?? '', references: [{ name, need: 'plain' }] };
  }
  const isSet = operator.startsWith(':')
    ? given !== undefined && given !== ''
    : given !== undefined;
  const alternative = interpolate(word, lookup, depth + 1);
  const need = operator.endsWith('?') ? 'must' : 'optional';
  const references = [{ name, need } as const, ...alternative.references];
  if (alternative.problem !== undefined) return { ...alternative, references };
  if (operator.endsWith('-'))
    return { value: isSet ? (given ?? '') : alternative.value, references };
  if (operator.endsWith('+'))
    return { value: isSet ? alternative.value : (given ?? ''), references };
  if (isSet) return { value: given ?? '', references };
  return { value: '', references, problem: `${name} must be set` };
}

function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let index = from; index < text.length; index++) {
    if (text[index] === '{') depth += 1;
    if (text[index] === '}') depth -= 1;
    if (depth === 0) return index;
  }
  return -1;
}
