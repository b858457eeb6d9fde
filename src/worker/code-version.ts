import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './config.ts';

/** The package's version, and the commit when the code runs from a checkout. */
export function codeVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  const commit = headCommit();
  return commit === undefined ? version : `${version}+${commit.slice(0, 12)}`;
}

/** Reads git's files itself: a worker needs no git. */
function headCommit(): string | undefined {
  const read = (path: string) => readFileSync(join(packageRoot, '.git', path), 'utf8').trim();
  try {
    const head = read('HEAD');
    if (!head.startsWith('ref: ')) return head;
    return read(head.slice('ref: '.length));
  } catch {
    // Not a checkout, or a ref that only stands in packed-refs.
    return undefined;
  }
}
