import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../shared/build.ts';
import { packageRoot } from './config.ts';

/**
 * The package's version, the commit, and whether it was built: `0.1.0+0123456789ab` from a checkout,
 * `0.1.0+0123456789ab.built` from a package, with the workflow bundle that it brings along.
 */
export function codeVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  const commit = (build ? build.commit : headCommit())?.slice(0, 12);
  const more = [commit, build && 'built'].filter((part) => part !== undefined).join('.');
  return more === '' ? version : `${version}+${more}`;
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
