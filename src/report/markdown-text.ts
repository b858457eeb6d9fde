import { clip, oneLine, plainText, utf8Bytes } from './text.ts';

/** Text within a line: nothing in it is taken for markdown. The limit counts before escaping. */
export function inline(text: string, maxBytes: number): string {
  return clip(oneLine(text), maxBytes).replace(/[\\`*_[\]<>~|&]/g, '\\$&');
}

/** A short name as code; a backtick within would end it early. */
export function code(text: string, maxBytes: number): string {
  return `\`${clip(oneLine(text), maxBytes).replaceAll('`', "'")}\``;
}

/** A block that is shown as it is; its fence is longer than any in the text. */
export function block(text: string): string {
  const runs = plainText(text).match(/`{3,}/g) ?? [];
  const fence = '`'.repeat(Math.max(2, ...runs.map((run) => run.length)) + 1);
  return `${fence}\n${plainText(text)}\n${fence}`;
}

/** A word of a command line, quoted when a shell would read it otherwise. */
export function shellWord(text: string): string {
  return /^[\w./:@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A command that is cut is worse than none; names that need more than this are no one's typing. */
const actionBytes = 1400;

export function orTooLong(actions: string): string {
  return utf8Bytes(actions) <= actionBytes
    ? actions
    : 'The names are too long to show the command.';
}
