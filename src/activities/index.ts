import { resolve } from 'node:path';
import { createApprovalActivities, type HistoryClientApi } from './approvals.ts';
import { createCompareActivities } from './compare.ts';
import { createComposeActivities } from './compose.ts';
import { createMachine } from './discovery/machine.ts';
import { createEditActivities } from './edits.ts';
import { createEnvironmentActivities } from './environment.ts';
import { createImagesActivities } from './images.ts';
import { createLifecycleActivities } from './lifecycle.ts';
import { createLockActivities } from './locks.ts';
import { createLogActivities } from './logs.ts';
import { createMigrateActivities } from './migrate/activities.ts';
import { createLeftoverActivities } from './networks.ts';
import { createNotificationActivities } from './notifications.ts';
import type { PlatformDependencies } from './opened-platform.ts';
import { createReleaseActivities } from './release.ts';
import { createReportActivities } from './reports.ts';
import { createResolveActivities, type ResolveDependencies } from './resolve.ts';
import { resolveConfig } from './resolved-config.ts';
import { createRestartActivities } from './restart.ts';
import { createRotateActivities } from './rotate/index.ts';
import { createSecretsReportActivities } from './secrets-report.ts';
import { createServicesActivities } from './services.ts';
import { createSweepActivities, type SweepDependencies } from './sweep.ts';
import { createVerifyActivities } from './verify.ts';

export interface ActivityDependencies
  extends ResolveDependencies,
    PlatformDependencies,
    SweepDependencies {
  readonly workflowClient: SweepDependencies['workflowClient'] & HistoryClientApi;
}

/** Every activity that the worker offers, by name. */
export function createActivities(deps: ActivityDependencies) {
  const resolving = createResolveActivities(deps);
  return {
    ...resolving,
    ...createEditActivities(deps),
    ...createLockActivities(deps.workflowClient),
    ...createSweepActivities(deps),
    ...createReportActivities(),
    ...createApprovalActivities(deps.workflowClient),
    ...createLogActivities(deps),
    ...createNotificationActivities({ ...deps, environment: process.env }),
    ...createEnvironmentActivities({
      projectVolumes: (project) => deps.engine.volumes(project),
      async checkConfig(attempt, platform, envFile) {
        await resolveConfig(deps.compose, attempt, platform, envFile);
      },
    }),
    ...createComposeActivities(deps),
    ...createCompareActivities(deps),
    ...createImagesActivities(deps),
    ...createServicesActivities(deps),
    ...createLifecycleActivities(deps),
    ...createRestartActivities(deps),
    ...createLeftoverActivities(deps),
    ...createVerifyActivities(deps),
    ...createReleaseActivities(deps),
    ...createRotateActivities(deps),
    ...createSecretsReportActivities(deps),
    ...createMigrateActivities({
      ...deps,
      machine: createMachine(),
      checkRequest: resolving.checkRequest,
      platformFiles: deps.platformFiles.map((file) => resolve(file)),
    }),
  };
}

export type Activities = ReturnType<typeof createActivities>;
