import { stateWord } from '../render/words.ts';
import type { RunFilter, RunRow } from '../runs/api.ts';

/** Which runs a command takes now, and how one of them is given to it. */
interface Taking {
  /** As in `no run is parked`. */
  readonly word: string;
  readonly filter: Pick<RunFilter, 'open'>;
  readonly takes: (row: RunRow) => boolean;
  /** What follows the id. */
  readonly rest: string;
}

const inState = (state: string, rest: string): Taking => ({
  word: stateWord(state as 'parked'),
  filter: { open: true },
  takes: (row) => row.state === state,
  rest,
});
const ended = (takes: Taking['takes']): Taking => ({
  word: 'ended',
  filter: {},
  takes: (row) => !row.open && takes(row),
  rest: '',
});
const why = ' --why TEXT';

/** By the commands that cannot do without the id of a run. */
export const runsTaken: Readonly<Record<string, Taking>> = {
  decide: inState('parked', ` --retry${why}`),
  approve: inState('waiting-for-approval', why),
  reject: inState('waiting-for-approval', why),
  stop: { word: 'open', filter: { open: true }, takes: () => true, rest: why },
  hold: { word: 'open', filter: { open: true }, takes: ({ state }) => state !== 'held', rest: why },
  release: inState('held', why),
  retry: ended(({ plan }) => !plan),
  report: ended(() => true),
  logs: { word: 'known', filter: {}, takes: () => true, rest: '' },
};
