import type { RunReport } from '../shared/report.ts';
import type { Outcome, RunStateName, StepStatus } from '../shared/run-state.ts';

/** What a colour stands for; it never stands alone, a sign and a word go with it. */
export type Tone = 'good' | 'calm' | 'live' | 'warn' | 'bad' | 'back';

export interface Words {
  readonly sign: string;
  readonly word: string;
  readonly tone: Tone;
}

/** Only signs without an emoji form: they take the colour of the text everywhere. */
const outcomeWords: Readonly<Record<Outcome, Words>> = {
  succeeded: { sign: '✓', word: 'Succeeded', tone: 'good' },
  planned: { sign: '◇', word: 'Planned', tone: 'live' },
  undone: { sign: '↺', word: 'Failed and undone', tone: 'back' },
  failed: { sign: '✗', word: 'Failed, needs a person', tone: 'bad' },
  stopped: { sign: '■', word: 'Stopped', tone: 'warn' },
  blocked: { sign: '⊘', word: 'Blocked, nothing changed', tone: 'warn' },
};

/** Of a decision that edits parameters, in a run that was bound to a plan. */
export const departsWords = 'departs from the approved plan';

/** A failure that changed nothing needs no person at three in the morning; the page says so at once. */
export function wordsOfEnd({ outcome, changed }: Pick<RunReport, 'outcome' | 'changed'>): Words {
  const words = outcomeWords[outcome];
  return outcome === 'failed' && !changed ? { ...words, word: 'Failed, nothing changed' } : words;
}

export const statusWords: Readonly<Record<StepStatus, Words>> = {
  running: { sign: '●', word: 'running', tone: 'live' },
  parked: { sign: '‖', word: 'parked', tone: 'warn' },
  waiting: { sign: '‖', word: 'waits for approval', tone: 'warn' },
  done: { sign: '✓', word: 'done', tone: 'good' },
  'in-place': { sign: '=', word: 'already in place', tone: 'calm' },
  skipped: { sign: '»', word: 'skipped', tone: 'warn' },
  failed: { sign: '✗', word: 'failed', tone: 'bad' },
  stopped: { sign: '■', word: 'stopped', tone: 'warn' },
  undoing: { sign: '↺', word: 'undoing', tone: 'live' },
  undone: { sign: '↺', word: 'undone', tone: 'back' },
  'undo-failed': { sign: '!', word: 'undo failed', tone: 'bad' },
  'would-change': { sign: '◇', word: 'would change', tone: 'live' },
};

export const stateWords: Readonly<Record<RunStateName, Words>> = {
  ...outcomeWords,
  resolving: { sign: '●', word: 'Checking the input', tone: 'live' },
  'waiting-for-approval': { sign: '‖', word: 'Waits for approval', tone: 'warn' },
  'waiting-for-lock': { sign: '‖', word: 'Waiting for the lock', tone: 'warn' },
  planning: { sign: '●', word: 'Planning', tone: 'live' },
  running: { sign: '●', word: 'Running', tone: 'live' },
  parked: { sign: '‖', word: 'Parked, needs a decision', tone: 'warn' },
  held: { sign: '‖', word: 'Held between two steps', tone: 'warn' },
  undoing: { sign: '↺', word: 'Undoing', tone: 'live' },
};
