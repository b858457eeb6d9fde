import type { Outcome, RunStateName, StepStatus } from '../../shared/run-state.ts';
import type { Style } from './style.ts';

interface Look {
  readonly mark: string;
  readonly word: string;
  readonly tone: keyof Style;
}

/** How each status of a step looks: a mark, a word, and a colour that only repeats the word. */
const stepLooks: Readonly<Record<StepStatus, Look>> = {
  running: { mark: '▸', word: 'running', tone: 'busy' },
  parked: { mark: '‖', word: 'parked', tone: 'caution' },
  waiting: { mark: '‖', word: 'waiting', tone: 'caution' },
  done: { mark: '✓', word: 'done', tone: 'good' },
  'in-place': { mark: '=', word: 'in place', tone: 'good' },
  skipped: { mark: '-', word: 'skipped', tone: 'caution' },
  failed: { mark: '✗', word: 'failed', tone: 'bad' },
  stopped: { mark: '■', word: 'stopped', tone: 'caution' },
  undoing: { mark: '◂', word: 'undoing', tone: 'busy' },
  undone: { mark: '↶', word: 'undone', tone: 'caution' },
  'undo-failed': { mark: '✗', word: 'undo failed', tone: 'bad' },
  'would-change': { mark: '~', word: 'would change', tone: 'caution' },
};

/** A status that a newer worker sends and this CLI does not know is still shown. */
export function stepLook(status: StepStatus): Look {
  return Object.hasOwn(stepLooks, status)
    ? stepLooks[status]
    : { mark: '?', word: status, tone: 'caution' };
}

const stateWords: Readonly<Record<RunStateName, { word: string; tone: keyof Style }>> = {
  resolving: { word: 'checking its input', tone: 'busy' },
  'waiting-for-approval': { word: 'waiting for approval', tone: 'caution' },
  'waiting-for-lock': { word: 'waiting for a lock', tone: 'caution' },
  planning: { word: 'planning', tone: 'busy' },
  running: { word: 'running', tone: 'busy' },
  parked: { word: 'parked', tone: 'caution' },
  held: { word: 'held', tone: 'caution' },
  undoing: { word: 'undoing', tone: 'caution' },
  succeeded: { word: 'succeeded', tone: 'good' },
  planned: { word: 'planned', tone: 'good' },
  undone: { word: 'undone', tone: 'caution' },
  failed: { word: 'failed', tone: 'bad' },
  stopped: { word: 'stopped', tone: 'caution' },
  blocked: { word: 'blocked', tone: 'caution' },
};

export function stateWord(state: RunStateName): string {
  return Object.hasOwn(stateWords, state) ? stateWords[state].word : state;
}

export function stateTone(state: RunStateName | Outcome): keyof Style {
  return Object.hasOwn(stateWords, state) ? stateWords[state].tone : 'caution';
}

const finalStates: ReadonlySet<RunStateName> = new Set([
  'succeeded',
  'planned',
  'undone',
  'failed',
  'stopped',
  'blocked',
]);

export function isFinal(state: RunStateName): boolean {
  return finalStates.has(state);
}
