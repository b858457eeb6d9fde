import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Build } from '../src/shared/build.ts';
import { buildWorkflowBundle } from '../src/worker/bundle.ts';

/**
 * `npm run build`: makes `dist/` anew, which is what a package runs: compiled code, the workflow bundle, and
 * the commit in place of what `src/shared/build.ts` says.
 */
const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

await rm(dist, { recursive: true, force: true });
await execa('tsc', ['--project', 'tsconfig.build.json'], {
  cwd: root,
  preferLocal: true,
  stdio: 'inherit',
});
const { code } = await buildWorkflowBundle();
await writeFile(join(dist, 'workflow-bundle.js'), code);
// A worker takes workflow code from the bundle only.
await rm(join(dist, 'workflows'), { recursive: true });
const built = `export const build = ${JSON.stringify(await facts())};\n`;
await writeFile(join(dist, 'shared', 'build.js'), built);

/** A commit only when the tree is what that commit says. */
async function facts(): Promise<Build> {
  const git = (...args: string[]) => execa('git', args, { cwd: root });
  try {
    const { stdout: changes } = await git('status', '--porcelain', '--untracked-files=no');
    const { stdout: commit } = await git('rev-parse', 'HEAD');
    return changes === '' ? { commit } : {};
  } catch {
    return {};
  }
}
