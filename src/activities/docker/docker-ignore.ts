export interface Ignore {
  ignores(path: string): boolean;
  /** There are `!` lines, so an ignored folder may hold something that is not. */
  readonly hasExceptions: boolean;
}

interface Rule {
  readonly expression: RegExp;
  readonly ignore: boolean;
}

/** The rules of a `.dockerignore` file: the last one that fits a path or a folder above it decides. */
export function createIgnore(text: string): Ignore {
  const rules = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(toRule);
  return {
    hasExceptions: rules.some((rule) => !rule.ignore),
    ignores: (path) => rules.findLast((rule) => rule.expression.test(path))?.ignore ?? false,
  };
}

function toRule(line: string): Rule {
  const ignore = !line.startsWith('!');
  const pattern = (ignore ? line : line.slice(1)).replace(/^\.?\/+/, '').replace(/\/+$/, '');
  const source = pattern
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map((part) => wildcards[part] ?? part.replace(/[.+^${}()|[\]\\]/g, '\\$&'))
    .join('');
  return { expression: new RegExp(`^${source}(/|$)`), ignore };
}

const wildcards: Readonly<Record<string, string>> = {
  '**/': '(?:.*/)?',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
};
