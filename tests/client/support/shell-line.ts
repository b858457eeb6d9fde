/** A line of a shell, as far as examples use it: words, quotes, and what the output goes to. */
export interface ShellLine {
  readonly words: readonly string[];
  /** `| ...` or `> ...`, as written; empty when the output is printed. */
  readonly rest: string;
}

export function parseShellLine(line: string): ShellLine {
  const words: string[] = [];
  const word = /\s*((?:'[^']*'|"[^"]*"|[^\s'"|>])+)/y;
  let end = 0;
  for (let match = word.exec(line); match !== null; match = word.exec(line)) {
    const [, text = ''] = match;
    words.push(text.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double));
    end = word.lastIndex;
  }
  return { words, rest: line.slice(end).trim() };
}
