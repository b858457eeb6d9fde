import type { ErrorFacts } from '../shared/errors.ts';
import { lockWaitedFor } from '../shared/lock-waited-for.ts';
import type {
  Decision,
  HoldRequest,
  LockState,
  RunState,
  StepRecord,
} from '../shared/run-state.ts';
import { gateAttention } from './gate-attention.ts';
import { firstOpenGate } from './gate-words.ts';
import { block, code, inline, orTooLong, shellWord } from './markdown-text.ts';
import { parkEndWords } from './park-words.ts';
import { possibleDecisions } from './possible-decisions.ts';
import { failedStep } from './summary.ts';
import { clip, clipStart, plainText, utf8Bytes } from './text.ts';

/** How much of the output is worth its room beside the steps. */
const outputLines = 12;
/** Two fences of four and their line breaks, with some to spare. */
const fencesBytes = 16;

/** What the run waits for and the exact command for the next action; empty when it needs nobody. */
export function attention(state: RunState, maxBytes: number): string {
  const [parked, ...others] = state.steps.filter((step) => step.status === 'parked');
  if (parked) return decision(state, parked, others, maxBytes);
  const gate = firstOpenGate(state);
  if (gate) return gateAttention(state.run, gate, maxBytes);
  if (state.state === 'held' && state.hold) return held(state.run, state.hold);
  const lock = lockWaitedFor(state);
  if (lock) return waiting(state.run, lock);
  const told = troubles(state).map(({ id, error }) => `Step ${code(id, 80)}: ${failure(error)}`);
  if (told.length === 0 && state.error)
    told.push(failure(state.error), inline(state.error.why ?? '', 1000));
  return clip(told.join('\n\n').trimEnd(), maxBytes);
}

/** What went wrong last and what could not be undone; at most three, so that steps stay visible. */
function troubles(state: RunState): ReadonlyArray<{ id: string; error: ErrorFacts }> {
  const failed = failedStep(state);
  const stuck = state.steps.filter((step) => step.undoError && step.status === 'undo-failed');
  return [
    ...(failed?.error ? [{ id: failed.id, error: failed.error }] : []),
    ...stuck.flatMap(({ id, undoError }) => (undoError ? [{ id, error: undoError }] : [])),
  ].slice(0, 3);
}

function held(run: string, { by, why }: HoldRequest): string {
  return [
    `Held by ${inline(by, 200)}: ${inline(why, 400)}. No new step begins. To go on:`,
    orTooLong(block(`runbook release ${shellWord(run)} --why "..."`)),
  ].join('\n\n');
}

function waiting(run: string, { key, heldBy }: LockState): string {
  const others = heldBy.length > 3 ? ` and ${heldBy.length - 3} more` : '';
  const holders = heldBy.slice(0, 3).map((holder) => code(holder, 200));
  const held =
    heldBy.length === 0 ? 'whose holder is not known yet' : `held by ${holders.join(', ')}`;
  return [
    `Waits for the lock ${code(key, 130)}, ${held}${others}. To give up waiting:`,
    orTooLong(block(`runbook stop ${shellWord(run)} --why "..."`)),
  ].join('\n\n');
}

function decision(
  state: RunState,
  step: StepRecord,
  others: readonly StepRecord[],
  maxBytes: number,
): string {
  const before = `**Step ${code(step.id, 80)} needs a decision.**${unlessDecided(step)}${alsoParked(others)}`;
  const actions = orTooLong(waysToDecide(state, step));
  const room = (taken: string[]) => maxBytes - utf8Bytes(taken.join('\n\n')) - 2;
  const facts = clip(step.error ? failure(step.error) : '', room([before, actions]));
  const output = lastOutput(step, room([before, facts, actions]));
  return [before, facts, output, actions].filter((part) => part !== '').join('\n\n');
}

function unlessDecided({ parkEnd }: StepRecord): string {
  return parkEnd === undefined ? '' : ` It is ${parkEndWords(parkEnd)} unless decided.`;
}

function alsoParked(others: readonly StepRecord[]): string {
  if (others.length === 0) return '';
  const names = others.slice(0, 3).map(({ id }) => code(id, 40));
  const more = others.length > 3 ? ` and ${others.length - 3} more` : '';
  return ` Also parked: ${names.join(', ')}${more}.`;
}

function failure({ code: name, what, fix }: ErrorFacts): string {
  const advice = fix ? `\n\nFix: ${inline(fix, 250)}` : '';
  return `${code(name, 60)} ${inline(what, 400)}${advice}`;
}

function lastOutput({ outputTail }: StepRecord, maxBytes: number): string {
  const room = maxBytes - fencesBytes;
  if (!outputTail || room < 80) return '';
  const lines = plainText(outputTail).trimEnd().split('\n').flatMap(wrapped);
  const shown = lines.slice(-outputLines).join('\n');
  return block(clipStart(shown.replace(/`{3,}/g, '```'), room));
}

/** The UI does not wrap a block: what runs out of its frame is not seen. */
function wrapped(line: string): readonly string[] {
  return line.match(/.{1,72}/gu) ?? [''];
}

/** Both ways to decide: the command line, and the argument for the UI's update. */
function waysToDecide(state: RunState, { id, attempt }: StepRecord): string {
  const { run } = state;
  const argument: Decision = { step: id, attempt, action: 'retry', by: 'YOUR NAME', why: '...' };
  return [
    block(`runbook decide ${shellWord(run)} ${shellWord(id)} --retry --why "..."`),
    `Instead of retry: ${otherWays(state)}. From the History tab send the update \`decide\` with`,
    block(JSON.stringify(argument, undefined, 1)),
  ].join('\n\n');
}

function otherWays(state: RunState): string {
  const possible = possibleDecisions(state);
  const plain = possible.filter((action) => action !== 'retry' && action !== 'retry-with');
  const edited = possible.includes('retry-with') ? ', or retry-with and `"params": {...}`' : '';
  return `${plain.join(', ')}${edited}`;
}
