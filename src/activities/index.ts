import { createLockActivities, type WorkflowClientApi } from './locks.ts';
import { createLogActivities } from './logs.ts';
import { createReportActivities } from './reports.ts';
import { createResolveActivities, type ResolveDependencies } from './resolve.ts';

export interface ActivityDependencies extends ResolveDependencies {
  readonly workflowClient: WorkflowClientApi;
}

/** Every activity that the worker offers, by name. */
export function createActivities(deps: ActivityDependencies) {
  return {
    ...createResolveActivities(deps),
    ...createLockActivities(deps.workflowClient),
    ...createReportActivities(),
    ...createLogActivities(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
