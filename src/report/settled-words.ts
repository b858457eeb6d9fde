import type { StepRecord } from '../shared/run-state.ts';

/** What was watched, in the words of the host; a step that was skipped may have changed what nobody watched. */
export function settledWords(
  summary: string,
  watched: number,
  steps: readonly Pick<StepRecord, 'id' | 'risk' | 'status'>[],
): string {
  const skipped = steps
    .filter(({ risk, status }) => risk !== 'read' && status === 'skipped')
    .map(({ id }) => id);
  if (skipped.length === 0) return summary;
  return `${watched === 0 ? 'no service was watched' : summary}; skipped: ${skipped.join(', ')}`;
}
