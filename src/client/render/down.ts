import type { RunRow } from '../runs/api.ts';
import { runLines } from './run-line.ts';
import { count } from './text.ts';

/** What became of `up`, and which runs wait for the next one; nothing of them where nobody could say. */
export function downLines(stopped: boolean, open: readonly RunRow[] | undefined): string[] {
  if (!stopped) return ['runbook is not up here: nothing to stop'];
  if (open === undefined) return ['runbook is down; runs go on at the next up'];
  if (open.length === 0) return ['runbook is down; no run was open'];
  return [
    `runbook is down; ${count(open.length, 'open run')} ${open.length === 1 ? 'goes' : 'go'} on at the next up:`,
    ...runLines(open).map((line) => `  ${line}`),
  ];
}
