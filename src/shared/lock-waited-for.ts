import type { LockState, RunState } from './run-state.ts';

/** The lock that a run waits for; locks are taken one after the other, so it is one at most. */
export function lockWaitedFor({ state, locks }: RunState): LockState | undefined {
  if (state !== 'waiting-for-lock') return undefined;
  return locks.find(({ status }) => status === 'waiting');
}
