import { firstNames } from '../../shared/name-list.ts';
import type { RunRow, Trouble } from '../runs/api.ts';
import { factLines } from './error.ts';
import type { Style } from './style.ts';

/** More than these are counted, not named: the table above names them all. */
const mostNamed = 3;

/** Why open runs do not go on: what several of them suffer from is told once. */
export function standstillLines(rows: readonly RunRow[], width: number, style: Style): string[] {
  const groups = new Map<string, { readonly trouble: Trouble; readonly runs: string[] }>();
  for (const { run, trouble } of rows) {
    if (trouble === undefined) continue;
    const key = `${trouble.code} ${trouble.why}`;
    const group = groups.get(key) ?? { trouble, runs: [] };
    group.runs.push(run);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ trouble, runs }) => {
    const run = runs.length === 1 ? `${runs[0]}${historyOf(trouble)}` : firstNames(runs, mostNamed);
    return factLines('warning', trouble, { run }, width, style);
  });
}

function historyOf({ attempts, since }: Trouble): string {
  return attempts === undefined ? '' : ` · attempt ${attempts}, failing since ${since}`;
}
