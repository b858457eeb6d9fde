import type { Style } from './style.ts';
import { cut, padEnd, textWidth } from './text.ts';

const gap = '  ';
/** Beside the longest id and state that a run has, 80 columns leave no more than this. */
const narrowestLast = 8;

/**
 * Aligned columns without borders, so that grep and awk read them. When the width is short the
 * last column is cut first, then the widest ones.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
  style: Style,
): string[] {
  const widths = fitted(
    head.map((title, column) =>
      Math.max(textWidth(title), ...rows.map((row) => textWidth(row[column] ?? ''))),
    ),
    width,
  );
  const line = (cells: readonly string[]) =>
    widths
      .map((columns, index) => padEnd(cut(cells[index] ?? '', columns), columns))
      .join(gap)
      .trimEnd();
  return [style.faint(line(head)), ...rows.map(line)];
}

function fitted(wanted: readonly number[], width: number): number[] {
  const widths = [...wanted];
  const room = width - gap.length * (widths.length - 1);
  let excess = widths.reduce((sum, columns) => sum + columns, 0) - room;
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
  return widths;
}
