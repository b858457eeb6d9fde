import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { refuse } from '../../shared/errors.ts';
import type { ComposeBuild } from './compose-model.ts';
import { createIgnore, type Ignore } from './docker-ignore.ts';

const maxFiles = 20_000;
const maxBytes = 512 * 1024 * 1024;

interface Tally {
  files: number;
  bytes: number;
}

/** What a build reads, as one digest: the same digest means that there is nothing to build. */
export async function contextDigest(
  build: ComposeBuild,
  parents: readonly string[] = [],
): Promise<string> {
  const hash = createHash('sha256');
  // Where the folder stands does not matter, nor do labels, of which the digest itself is one.
  const { context, labels: _labels, additional_contexts: more = {}, ...rest } = build;
  hash.update(JSON.stringify({ rest, parents }));
  const dockerfile = dockerfilePath(build);
  if (dockerfile !== undefined) hash.update(await readDockerfile(dockerfile));
  const tally: Tally = { files: 0, bytes: 0 };
  const ignore = await readIgnore(context, dockerfile);
  for (const folder of [context, ...Object.values(more).sort()]) {
    if (!folder.startsWith('/')) hash.update(`context ${folder}\n`);
    else await addFolder(hash, folder, folder === context ? ignore : undefined, tally);
  }
  return hash.digest('hex');
}

/** Undefined when the Dockerfile stands in the compose file. */
export function dockerfilePath(build: ComposeBuild): string | undefined {
  if (build.dockerfile_inline !== undefined || !build.context.startsWith('/')) return undefined;
  return resolve(build.context, build.dockerfile ?? 'Dockerfile');
}

async function readDockerfile(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw refuse(
      'RB_BUILD_FAILED',
      `the Dockerfile cannot be read: ${path}`,
      (error as Error).message,
      'correct `build.context` or `build.dockerfile` in the compose file',
    );
  }
}

/** A file beside the Dockerfile wins over the context's own, as with Docker. */
async function readIgnore(
  context: string,
  dockerfile: string | undefined,
): Promise<Ignore | undefined> {
  const own = dockerfile === undefined ? [] : [`${dockerfile}.dockerignore`];
  for (const path of [...own, join(context, '.dockerignore')]) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== undefined) return createIgnore(text);
  }
  return undefined;
}

async function addFolder(
  hash: Hash,
  root: string,
  ignore: Ignore | undefined,
  tally: Tally,
): Promise<void> {
  const visit = async (folder: string): Promise<void> => {
    const names = (await readdir(join(root, folder))).sort();
    for (const name of names) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const full = join(root, path);
      const info = await lstat(full);
      if (info.isDirectory()) {
        // A later `!` line may bring back something below an ignored folder.
        if (!ignore?.ignores(path) || ignore.hasExceptions) await visit(path);
        continue;
      }
      if (ignore?.ignores(path)) continue;
      if (info.isSymbolicLink()) hash.update(`link ${path} ${await readlink(full)}\n`);
      if (!info.isFile()) continue;
      tally.files += 1;
      tally.bytes += info.size;
      if (tally.files > maxFiles || tally.bytes > maxBytes) throw tooLarge(root);
      hash.update(`file ${path} ${info.mode & 0o777} ${info.size}\n`);
      for await (const chunk of createReadStream(full)) hash.update(chunk as Buffer);
    }
  };
  await visit('');
}

const tooLarge = (context: string) =>
  refuse(
    'RB_BUILD_CONTEXT_TOO_LARGE',
    `the build context is too large: ${context}`,
    `more than ${maxFiles} files or ${maxBytes / 1024 / 1024} MiB`,
    'name what the build does not need in .dockerignore',
  );
