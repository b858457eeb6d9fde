import { workflowInfo } from '@temporalio/workflow';
import { parkEndWords } from '../../report/park-words.ts';
import type { ErrorFacts } from '../../shared/errors.ts';
import type { StepRecord } from '../../shared/run-state.ts';

/** What receivers are told of a step that waits for a person. */
export function parkedNews({ id, title, parkEnd }: StepRecord, error: ErrorFacts) {
  const { workflowId } = workflowInfo();
  const end = parkEnd === undefined ? '' : `, else it is ${parkEndWords(parkEnd)}`;
  return {
    state: 'parked',
    summary: `"${title}" needs a decision${end}`,
    step: id,
    error,
    commands: [
      `runbook status ${workflowId}`,
      `runbook decide ${workflowId} ${id} --retry --why TEXT`,
    ],
  };
}
