import type { RunState } from '../shared/run-state.ts';

/** `retry of deploy-1 from start-web`, or undefined for a run that is no retry and begins at its first step. */
export function retryWords({ retryOf, from }: Pick<RunState, 'retryOf' | 'from'>) {
  const words = [
    ...(retryOf === undefined ? [] : [`retry of ${retryOf}`]),
    ...(from === undefined ? [] : [`from ${from}`]),
  ];
  return words.length === 0 ? undefined : words.join(' ');
}
