import type { ParamChange } from './run-state.ts';

type Params = Readonly<Record<string, unknown>>;

/** What is another value in `after`; parameters are scalars or lists of texts. */
export function paramChanges(before: Params, after: Params): ParamChange[] {
  return Object.entries(after).flatMap(([name, to]) => {
    const from = before[name];
    if (JSON.stringify(from) === JSON.stringify(to)) return [];
    return [{ name, to, ...(from === undefined ? {} : { from }) }];
  });
}

/** `max: 3 -> 1, wait: nothing -> "30s"`. */
export function changeWords(changes: readonly ParamChange[]): string {
  if (changes.length === 0) return 'no parameter changes';
  return changes.map(({ name, from, to }) => `${name}: ${word(from)} -> ${word(to)}`).join(', ');
}

const word = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value));
