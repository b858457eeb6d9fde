import { firstNames } from '../shared/name-list.ts';
import type { StepRecord, StepStatus, TargetRecord } from '../shared/run-state.ts';

type Status = TargetRecord['status'];

/** In the order in which people ask; the last ones are told by name. */
const words: readonly (readonly [Status, string])[] = [
  ['done', 'done'],
  ['in-place', 'already in place'],
  ['would-change', 'would change'],
  ['running', 'running'],
  ['parked', 'parked'],
  ['undoing', 'undoing'],
  ['undone', 'undone'],
  ['stopped', 'stopped'],
  ['skipped', 'skipped'],
  ['pending', 'pending'],
  ['undo-failed', 'could not be undone'],
  ['failed', 'failed'],
  ['not-started', 'not started'],
];
const named: ReadonlySet<Status> = new Set(['undo-failed', 'failed', 'not-started']);
const namesShown = 5;

/** `3 done, 1 failed: web, 2 not started: minio, nessie`. */
export function targetWords(targets: readonly TargetRecord[]): string {
  const told = words.flatMap(([status, word]) => {
    const own = targets.filter((target) => target.status === status).map(({ name }) => name);
    if (own.length === 0) return [];
    return [`${own.length} ${word}${named.has(status) ? `: ${listed(own)}` : ''}`];
  });
  return told.length === 0 ? 'no targets' : told.join(', ');
}

/** At most five names, and how many more. */
export const listed = (names: readonly string[]): string => firstNames(names, namesShown);

/** From here on the steps of single targets that need nobody are left to the sum of their fan-out. */
const manyTargets = 8;
const quiet: ReadonlySet<StepStatus> = new Set([
  'done',
  'in-place',
  'would-change',
  'skipped',
  'undone',
]);

/** The steps without those of targets whose fan-out tells their sum: for views that must stay short. */
export function withoutQuietTargets(steps: readonly StepRecord[]): readonly StepRecord[] {
  const hidden = new Set<StepRecord>();
  for (const { id, targets = [] } of steps) {
    if (targets.length <= manyTargets) continue;
    const ids = new Set(targets.map(({ name }) => targetStepId(id, name)));
    const own = steps.filter((step) => ids.has(step.id));
    const loud = own.filter(({ status }) => !quiet.has(status));
    const troubled = loud.filter(({ error }) => error !== undefined);
    const kept = new Set([...new Set([...troubled, ...loud])].slice(0, manyTargets));
    for (const step of own) if (!kept.has(step)) hidden.add(step);
  }
  return steps.filter((step) => !hidden.has(step));
}

/** The id of the step of one target of a fan-out. */
export const targetStepId = (fanOut: string, target: string): string => `${fanOut}/${target}`;
