import type { ProbeVerdict } from '../../shared/run-state.ts';
import type { StepContext } from '../../shared/step-context.ts';
import { currentAttempt } from '../attempt.ts';
import type { NoInput } from '../opened-platform.ts';
import { backupFolder, pinMigration } from './migration-folder.ts';
import { type MigrateDependencies, openMigration } from './plan-migration.ts';

export interface Backup {
  readonly folder: string;
  readonly files: readonly string[];
}

export const createBackupActivities = (deps: MigrateDependencies) => ({
  /** Reads only, so a retry is always safe. */
  async backupVerdict(_ctx: StepContext, _input: NoInput): Promise<ProbeVerdict<Backup>> {
    const attempt = currentAttempt();
    const { isPinned, files } = await openMigration(deps, attempt);
    const names = files.map(({ name }) => name);
    const words = names.join(', ');
    if (isPinned) {
      const output = { folder: backupFolder(attempt.runDirectory), files: names };
      return { state: 'in-place', now: `kept: ${words}`, output };
    }
    return { state: 'absent', now: 'no copy yet', change: `keep ${words} in the run's folder` };
  },

  /** The first whole copy stands, whatever has become of the files since, so a repeat keeps the old ones. */
  async backUpFiles(_ctx: StepContext, _input: NoInput): Promise<Backup> {
    const attempt = currentAttempt();
    const { files, ...opened } = await openMigration(deps, attempt);
    await attempt.checkFence();
    if (!opened.isPinned)
      await pinMigration(attempt.runDirectory, { migration: opened.migration, files });
    return {
      folder: backupFolder(attempt.runDirectory),
      files: files.map(({ name }) => name),
    };
  },
});
