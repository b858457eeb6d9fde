import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes `npm-shrinkwrap.json`, which npm takes for the lock file of an installed package: what a user gets is
 * what was tested, without the packages that only development needs.
 */
const root = join(import.meta.dirname, '..');

interface Locked {
  readonly dev?: boolean;
  readonly devDependencies?: unknown;
}

const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};
const kept = Object.entries(lock.packages)
  .filter(([, { dev }]) => dev !== true)
  .map(([path, { devDependencies: _, ...rest }]) => [path, rest]);
const shrinkwrap = { ...lock, packages: Object.fromEntries(kept) };
await writeFile(join(root, 'npm-shrinkwrap.json'), `${JSON.stringify(shrinkwrap, undefined, 2)}\n`);
