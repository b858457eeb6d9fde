import { workflowInfo } from '@temporalio/workflow';
import { refuse } from '../shared/errors.ts';
import { serviceWorkflows } from '../shared/messages.ts';
import { didYouMean } from '../shared/nearest.ts';
import { describeValue } from '../shared/problems.ts';
import { openProgress, refusal } from './engine/resolve.ts';
import * as workflows from './index.ts';

// The SDK takes a workflow by its name from this module's exports. A module's namespace inherits nothing, but the
// bundle makes it a plain object, and `toString` and its kin would pass for workflows that do nothing or never end.
Object.setPrototypeOf(workflows, null);

/** Takes every workflow type that nobody else takes: the UI's form accepts any, and such a run would never end. */
export async function unknownRunbook(): Promise<never> {
  const { workflowType } = workflowInfo();
  const hidden: readonly string[] = ['default', ...Object.values(serviceWorkflows)];
  const names = Object.keys(workflows).filter((name) => !hidden.includes(name));
  const error = refuse(
    'RB_RUNBOOK_UNKNOWN',
    `there is no runbook ${describeValue(workflowType)}${didYouMean(workflowType, names)}`,
    `the runbooks are: ${names.join(', ')}`,
    'start one of them; its name is the workflow type',
  );
  throw refusal(error, openProgress());
}
