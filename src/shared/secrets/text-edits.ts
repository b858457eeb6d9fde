/** A stretch of a text and what stands there instead. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The text with its edits; what lies between them stays byte for byte. Two edits must not overlap; of those that
 * insert at one place the first in the list comes first.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
  let result = '';
  let position = 0;
  for (const { start, end, text: instead } of ordered) {
    if (start < position) throw new Error('two edits of a file overlap');
    result += text.slice(position, start) + instead;
    position = end;
  }
  return result + text.slice(position);
}

/** Where the line that an offset stands in begins. */
export const lineStart = (text: string, offset: number): number =>
  text.lastIndexOf('\n', offset - 1) + 1;

/** Right after the line that ends a stretch: a block scalar has taken its line break with it. */
export function lineEnd(text: string, end: number): number {
  if (end > 0 && text[end - 1] === '\n') return end;
  const next = text.indexOf('\n', end);
  return next === -1 ? text.length : next + 1;
}
