import { type ErrorFacts, errorFacts } from '../../shared/errors.ts';
import type { RunState } from '../../shared/run-state.ts';
import { isFinal } from '../render/words.ts';
import type { Clock } from '../session.ts';
import type { RunEnd, Runs } from './api.ts';
import { failingCode } from './failing-task.ts';
import { withWaits } from './waits.ts';

export type Observation =
  | { readonly kind: 'state'; readonly state: RunState }
  /** Server or worker do not answer, or the run stands still. It is durable, so looking goes on. */
  | { readonly kind: 'away'; readonly error: ErrorFacts }
  | { readonly kind: 'back' }
  | { readonly kind: 'end'; readonly end: RunEnd };

const fastestMs = 300;
const slowestMs = 1_000;
const passing: ReadonlySet<string> = new Set([
  'RB_TEMPORAL_UNREACHABLE',
  'RB_NO_WORKER',
  'RB_TEMPORAL_ANSWER',
  failingCode,
]);

/**
 * Looks at a run until it has ended or the signal is aborted. A look every 300 ms while things
 * move, every second while they do not. Why nothing is seen is told once, and again when it changes.
 */
export async function* observe(
  runs: Runs,
  run: string,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<Observation, void> {
  let pauseMs = fastestMs;
  let away = '';
  let last = '';
  while (!signal.aborted) {
    const look = await lookAt(runs, run, last === '' ? 'unheard' : 'heard');
    if (look.kind === 'away') {
      const reason = reasonOf(look.error);
      if (away !== reason) yield look;
      away = reason;
      last = '';
    } else {
      if (away !== '') yield { kind: 'back' };
      away = '';
      yield look;
      if (look.kind === 'end') return;
      const seen = JSON.stringify(look.kind === 'state' ? look.state : '');
      pauseMs = seen === last ? Math.min(slowestMs, pauseMs * 1.3) : fastestMs;
      last = seen;
    }
    // A final state is followed at once by the run's end: no need to wait for that.
    const ending = look.kind === 'state' && isFinal(look.state.state);
    await clock.sleep(ending ? 50 : pauseMs, signal);
  }
}

async function lookAt(
  runs: Runs,
  run: string,
  before: 'heard' | 'unheard',
): Promise<Exclude<Observation, { kind: 'back' }>> {
  try {
    // The server knows whether a run is open even when it was ended from outside.
    const { open, trouble, waits } = await runs.find(run);
    if (!open) return { kind: 'end', end: await runs.end(run) };
    if (trouble !== undefined) return { kind: 'away', error: trouble };
    // Told at once; a query waits its whole deadline for a worker.
    if (before === 'unheard') await runs.requireWorker();
    return { kind: 'state', state: withWaits(await runs.state(run), waits) };
  } catch (error) {
    const facts = errorFacts(error);
    if (!passing.has(facts.code)) throw error;
    return { kind: 'away', error: facts };
  }
}

/** Of an absence the details change from look to look; the message of failing code is what is told. */
function reasonOf({ code, why }: ErrorFacts): string {
  return code === failingCode ? `${code} ${why}` : code;
}
