import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWorkflowBundle } from '../../src/worker/bundle.ts';

const packageRoot = join(import.meta.dirname, '..', '..');

/** The workflow bundle of the code as it is now, built once for all tests: a worker then starts in a second. */
export async function prebuiltBundle(codec: 'on' | 'off' = 'on'): Promise<string> {
  const hash = createHash('sha256');
  const files = globSync('src/{workflows,shared,report,codec}/**/*.ts', { cwd: packageRoot });
  for (const file of [...files, 'package-lock.json'].sort()) {
    hash.update(file).update(readFileSync(join(packageRoot, file)));
  }
  const path = join(tmpdir(), `rbtest-bundle-${codec}-${hash.digest('hex').slice(0, 16)}.js`);
  if (!existsSync(path)) {
    const { code } = await buildWorkflowBundle({ encrypt: codec === 'on' });
    await writeFile(`${path}.${process.pid}`, code);
    await rename(`${path}.${process.pid}`, path);
  }
  return path;
}
