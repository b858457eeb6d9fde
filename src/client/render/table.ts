import type { Style } from './style.ts';
import { cut, padEnd, textWidth } from './text.ts';

const gap = '  ';
/** Beside the longest id and state that a run has, 80 columns leave no more than this. */
const narrowestLast = 8;

interface Column {
  readonly title: string;
  readonly index: number;
  readonly width: number;
  readonly isEmpty: boolean;
}

/**
 * Aligned columns without borders, so that grep and awk read them. When the width is short the
 * last column is cut first, then the widest ones. A table that names its columns of `ids` never cuts
 * those, for other commands need them whole: it leaves out others, and else is wider than the width.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
  style: Style,
  ids: readonly string[] = [],
): string[] {
  const wanted = head.map((title, index) => {
    const widths = rows.map((row) => textWidth(row[index] ?? ''));
    const isEmpty = widths.every((columns) => columns === 0);
    return { title, index, width: Math.max(textWidth(title), ...widths), isEmpty };
  });
  const columns = ids.length === 0 ? fitted(wanted, width) : fittedBeside(ids, wanted, width);
  const line = (cells: readonly string[]) =>
    columns
      .map((column) => padEnd(cut(cells[column.index] ?? '', column.width), column.width))
      .join(gap)
      .trimEnd();
  return [style.faint(line(head)), ...rows.map(line)];
}

function fitted(columns: readonly Column[], width: number): Column[] {
  const widths = columns.map((column) => column.width);
  let excess = excessOf(columns, width);
  const last = widths.length - 1;
  const shrink = (column: number, floor: number) => {
    const taken = Math.min(excess, Math.max(0, (widths[column] ?? 0) - floor));
    widths[column] = (widths[column] ?? 0) - taken;
    excess -= taken;
  };
  if (excess > 0) shrink(last, narrowestLast);
  while (excess > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= 1) break;
    shrink(widest, Math.max(1, (widths[widest] ?? 0) - 1));
  }
  return columns.map((column, index) => ({ ...column, width: widths[index] ?? 0 }));
}

function fittedBeside(
  ids: readonly string[],
  wanted: readonly Column[],
  width: number,
): readonly Column[] {
  if (excessOf(wanted, width) <= 0) return wanted;
  let shown = wanted.filter(({ title, isEmpty }) => ids.includes(title) || !isEmpty);
  for (;;) {
    const excess = excessOf(shown, width);
    const others = shown.filter(({ title }) => !ids.includes(title));
    const last = others.at(-1);
    if (excess <= 0 || last === undefined) return shown;
    // The half of a number or of a time misleads: those in between are shown whole or not at all.
    const mayBeCut = last.index === wanted.length - 1 || others.length === 1;
    const narrower = { ...last, width: last.width - excess };
    if (mayBeCut && narrower.width >= narrowestLast) {
      return shown.map((column) => (column === last ? narrower : column));
    }
    shown = shown.filter((column) => column !== last);
  }
}

function excessOf(columns: readonly Column[], width: number): number {
  const taken = columns.reduce((sum, column) => sum + column.width, 0);
  return taken + gap.length * (columns.length - 1) - width;
}
