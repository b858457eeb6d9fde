import type { StepRecord } from '../../shared/run-state.ts';
import type { Leftovers } from '../follow/leftovers.ts';
import type { Style } from './style.ts';
import { count, cut, padEnd } from './text.ts';

/** What a sweep would make of a gone run, a line for each step that had begun. */
export function leftoverLines(left: Leftovers, width: number, style: Style): string[] {
  const { row, undo, keeps, stuck } = left;
  const head = `${row.run}: ${row.runbook} on ${row.platform}, ${row.state} at ${row.endedAt ?? '?'}`;
  const ids = [...undo, ...keeps, ...stuck].map(({ id }) => id.length);
  const idWidth = Math.min(24, Math.max(4, ...ids));
  const line = (mark: string, { id }: StepRecord, words: string) =>
    cut(`  ${mark} ${padEnd(cut(id, idWidth), idWidth)}  ${words}`, width);
  return [
    style.strong(cut(head, width)),
    ...undo.map((step) => style.caution(line('~', step, `undo ${undoWords(step)}`))),
    ...stuck.map((step) => style.bad(line('!', step, `cannot be undone: ${step.title}`))),
    ...keeps.map((step) => style.faint(line('=', step, `stays: ${step.title}`))),
    ...(ids.length === 0 ? [style.faint('  nothing to undo')] : []),
  ];
}

function undoWords({ status, title }: StepRecord): string {
  return status === 'done' ? `"${title}"` : `"${title}", as far as it got`;
}

export const leftoverSummary = (all: readonly Leftovers[]): string => {
  const undos = all.reduce((sum, { undo }) => sum + undo.length, 0);
  return `Sweep: ${count(all.length, 'run')}, ${count(undos, 'step')} to undo.`;
};
