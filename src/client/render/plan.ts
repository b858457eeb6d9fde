import type { Plan, PlanLine } from '../../shared/report.ts';
import type { Style } from './style.ts';
import { count, cut, labelled, padEnd, printable } from './text.ts';

const undoWords: Readonly<Record<PlanLine['undo'], string>> = {
  undo: 'can be undone',
  keeps: 'an undo leaves it',
  none: 'cannot be undone',
};

/** What a run would change: every step with what is true now, changes spelled out. */
export function planLines(plan: Plan, width: number, style: Style): string[] {
  const idWidth = Math.min(24, Math.max(4, ...plan.lines.map((line) => line.step.length)));
  const steps = plan.lines.flatMap((line) => {
    const id = padEnd(cut(line.step, idWidth), idWidth);
    if (line.change === undefined) {
      return [style.faint(cut(`  = ${id}  ${line.now}`, width))];
    }
    const label = `  ~ ${id}  `;
    const [first = '', ...rest] = labelled(label, line.change, width);
    return [
      `${style.caution(first.slice(0, 3))}${first.slice(3)}`,
      ...rest,
      ...labelled(
        ' '.repeat(label.length),
        `now: ${line.now} · ${undoWords[line.undo]}`,
        width,
      ).map(style.faint),
      ...detailLines(line.details, style),
    ];
  });
  return [...steps, '', planSummary(plan)];
}

/** As they are, for they are copied and compared; only what a terminal would obey is taken out. */
function detailLines(details: string | undefined, style: Style): readonly string[] {
  if (details === undefined) return [];
  const paint = (line: string) => {
    if (/^\+(?!\+\+)/.test(line)) return style.good(line);
    return /^-(?!--)/.test(line) ? style.bad(line) : line;
  };
  return printable(details)
    .trimEnd()
    .split('\n')
    .map((line) => `    ${paint(line)}`);
}

function planSummary(plan: Plan): string {
  const rest = plan.lines.length - plan.changes;
  if (plan.changes > 0) return `Plan: ${count(plan.changes, 'change')}, ${rest} in place.`;
  return `Nothing to change: ${count(rest, 'step')} in place.`;
}
