import { renderEnvironmentExample } from '../../shared/environment/example.ts';
import { refuse } from '../../shared/errors.ts';
import { limits } from '../../shared/limits.ts';
import { parsePlatformFile } from '../../shared/read-platform.ts';
import type { ProbeVerdict } from '../../shared/run-state.ts';
import type { Migration } from '../../shared/secrets/migration.ts';
import { rewriteProject } from '../../shared/secrets/rewrite-project.ts';
import type { TextFile } from '../../shared/secrets/sight-credentials.ts';
import type { StepContext } from '../../shared/step-context.ts';
import { type Attempt, currentAttempt } from '../attempt.ts';
import { readTextIfExists, writeFileAtomic } from '../files.ts';
import type { NoInput } from '../opened-platform.ts';
import { serviceProblems } from '../services/check-services.ts';
import { blankedDiff, changedFiles } from './diff.ts';
import { leftOf } from './inventory.ts';
import { type MigrateDependencies, openMigration } from './plan-migration.ts';
import { type ProjectFile, textsOf } from './project-texts.ts';

export interface RewrittenFiles {
  readonly files: readonly string[];
}

/** A file that changes: what it was, what it is to be, what it is now. */
interface Rewriting extends ProjectFile {
  readonly then: string;
  readonly now: string | undefined;
}

export const createRewriteActivities = (deps: MigrateDependencies) => ({
  /** Reads only, so a retry is always safe. The platform file is checked as one that somebody wrote by hand. */
  async rewriteVerdict(_ctx: StepContext, _input: NoInput): Promise<ProbeVerdict<RewrittenFiles>> {
    const attempt = currentAttempt();
    const { rewritings, before, migration } = await rewritingsOf(deps, attempt);
    refuseEdited(rewritings);
    for (const { role, name, then } of rewritings) {
      if (role === 'platform') parsePlatformFile(then, name, serviceProblems);
    }
    const open = rewritings.filter(({ now, then }) => now !== then);
    const output = { files: rewritings.map(({ name }) => name) };
    if (open.length === 0) {
      return { state: 'in-place', now: 'the files say files, not values', output };
    }
    const after = rewritings.map(({ name, then }) => ({ name, text: then }));
    const diff = `${leftWords(migration)}${blankedDiff(before, after)}`;
    for (const line of diff.trimEnd().split('\n')) attempt.log(line);
    return {
      state: 'absent',
      now: `not rewritten: ${open.map(({ name }) => name).join(', ')}`,
      change: `rewrite ${changedFiles(before, after)}`,
      details: bounded(diff),
      output,
    };
  },

  /** Each file is replaced whole, and only one that is as it was before, so a repeat goes on. */
  async rewriteFiles(_ctx: StepContext, _input: NoInput): Promise<RewrittenFiles> {
    const attempt = currentAttempt();
    const { rewritings } = await rewritingsOf(deps, attempt);
    refuseEdited(rewritings);
    for (const { name, path, now, then, mode, uid, gid } of rewritings) {
      if (now === then) continue;
      await attempt.checkFence();
      await writeFileAtomic(path, then, { mode, ...ownerOf(uid, gid) });
      attempt.log(`rewrote ${name}`);
    }
    return { files: rewritings.map(({ name }) => name) };
  },

  /** Puts back only what is as the migration wrote it, so a repeat is safe and nobody's edit is lost. */
  async restoreFiles(_ctx: StepContext, _input: NoInput): Promise<RewrittenFiles> {
    const attempt = currentAttempt();
    const { rewritings, isPinned } = await rewritingsOf(deps, attempt);
    // Nothing is rewritten before the copies are whole.
    if (!isPinned) return { files: [] };
    refuseEdited(rewritings);
    const changed = rewritings.filter(({ text, now }) => text !== now);
    for (const { name, path, text, mode, uid, gid } of changed) {
      await attempt.checkFence();
      await writeFileAtomic(path, text, { mode, ...ownerOf(uid, gid) });
      attempt.log(`put ${name} back`);
    }
    return { files: changed.map(({ name }) => name) };
  },
});

async function rewritingsOf(deps: MigrateDependencies, attempt: Attempt) {
  const { migration, files, platform, isPinned } = await openMigration(deps, attempt);
  const after = withExample(rewriteProject(textsOf(files, platform), migration), files);
  const rewritings = await Promise.all(
    after.map(async ({ name, text: then }): Promise<Rewriting> => {
      const file = files.find((one) => one.name === name);
      if (file === undefined) throw new Error(`no file ${name} among those of the migration`);
      return { ...file, then, now: await readTextIfExists(file.path) };
    }),
  );
  return { rewritings, before: files, isPinned, migration };
}

/** The example of the environment file follows from the platform file: the next deploy would write it anew. */
function withExample(after: readonly TextFile[], files: readonly ProjectFile[]) {
  const roleOf = (name: string) => files.find((file) => file.name === name)?.role;
  const example = files.find(({ role }) => role === 'example');
  const platform = after.find(({ name }) => roleOf(name) === 'platform');
  if (example === undefined || platform === undefined) return after;
  const file = parsePlatformFile(platform.text, platform.name, serviceProblems);
  const text = renderEnvironmentExample(file);
  return text === example.text ? after : [...after, { name: example.name, text }];
}

/** Above the diff: what is not in it, and why. */
const leftWords = (migration: Migration): string =>
  leftOf(migration)
    .map(({ what, place, why }) => `# stays: ${what} (${place}): ${why}\n`)
    .join('');

/** What a person wrote meanwhile is not overwritten. */
function refuseEdited(rewritings: readonly Rewriting[]): void {
  const edited = rewritings.filter(({ text, then, now }) => now !== text && now !== then);
  if (edited.length === 0) return;
  const names = edited.map(({ name }) => name).join(', ');
  throw refuse(
    'RB_FILES_EDITED',
    `${names} was edited since the migration began`,
    'it is neither as it was nor as the migration writes it',
    "take the edit back, then retry; the run's folder keeps the files as they were",
  );
}

/** Only root may give files away; who is not root owns them already, or may not write them. */
const ownerOf = (uid: number, gid: number) => (process.getuid?.() === 0 ? { uid, gid } : {});

function bounded(diff: string): string {
  if (Buffer.byteLength(diff) <= limits.planDetailsBytes) return diff;
  const cut = Buffer.from(diff).subarray(0, limits.planDetailsBytes).toString('utf8');
  return `${cut.slice(0, cut.lastIndexOf('\n'))}\n... the rest is in the log of this step`;
}
