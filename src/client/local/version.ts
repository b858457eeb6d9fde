import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from '../../shared/build.ts';
import { packageRoot } from './paths.ts';

export interface VersionFacts {
  readonly version: string;
  readonly commit?: string;
  /** False where the sources run as they are. */
  readonly built: boolean;
  readonly node: string;
}

export async function readVersion(): Promise<VersionFacts> {
  const { version } = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  const commit = build ? build.commit : await readCommit(join(packageRoot, '.git'));
  const node = process.versions.node;
  return { version, ...(commit === undefined ? {} : { commit }), built: build !== undefined, node };
}

/** Read from the files of git, which need not be installed. */
async function readCommit(git: string): Promise<string | undefined> {
  try {
    const head = (await readFile(join(git, 'HEAD'), 'utf8')).trim();
    if (!head.startsWith('ref: ')) return head;
    const name = head.slice('ref: '.length);
    const loose = await readFile(join(git, name), 'utf8').catch(() => undefined);
    if (loose !== undefined) return loose.trim();
    const packed = await readFile(join(git, 'packed-refs'), 'utf8');
    return packed
      .split('\n')
      .find((line) => line.endsWith(` ${name}`))
      ?.split(' ')[0];
  } catch {
    return undefined;
  }
}
