import type { PlatformDependencies } from '../opened-platform.ts';
import { createBackupActivities } from './backup.ts';
import { createInventoryActivities } from './inventory.ts';
import type { MigrateDependencies } from './plan-migration.ts';
import { createProveActivities } from './prove-gone.ts';
import { createRestoreBeforeActivities } from './restore-before.ts';
import { createRewriteActivities } from './rewrite.ts';
import { createSecretFileActivities } from './secret-files.ts';
import { createRotationActivities, type RotationDependencies } from './start-rotation.ts';

/** What moves secrets out of the environment. */
export const createMigrateActivities = (
  deps: MigrateDependencies & PlatformDependencies & RotationDependencies,
) => ({
  ...createInventoryActivities(deps),
  ...createBackupActivities(deps),
  ...createSecretFileActivities(deps),
  ...createRewriteActivities(deps),
  ...createRestoreBeforeActivities(deps),
  ...createProveActivities(deps),
  ...createRotationActivities(deps),
});
