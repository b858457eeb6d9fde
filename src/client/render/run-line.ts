import type { RunRow } from '../runs/api.ts';
import { stateWord } from './words.ts';

const mostNamed = 10;

/** A line for each of the first runs, and one for how many more there are; `hint` says where those stand. */
export function runLines(rows: readonly RunRow[], hint = ''): string[] {
  const more = rows.length - mostNamed;
  return [
    ...rows.slice(0, mostNamed).map(runLine),
    ...(more > 0 ? [`and ${more} more${hint}`] : []),
  ];
}

/** `ID: deploy on lab, parked at start-web`, where a table has no place. */
function runLine({ run, runbook, platform, state, step, open }: RunRow): string {
  const where = platform === '' ? runbook : `${runbook} on ${platform}`;
  const at = open && step !== '' ? ` at ${step}` : '';
  return `${run}: ${where}, ${stateWord(state as 'parked')}${at}`;
}
