import type { RunRow } from '../runs/api.ts';
import { stateWord } from './words.ts';

/** `ID: deploy on lab, parked at start-web`, where a table has no place. */
export function runLine({ run, runbook, platform, state, step, open }: RunRow): string {
  const where = platform === '' ? runbook : `${runbook} on ${platform}`;
  const at = open && step !== '' ? ` at ${step}` : '';
  return `${run}: ${where}, ${stateWord(state as 'parked')}${at}`;
}
