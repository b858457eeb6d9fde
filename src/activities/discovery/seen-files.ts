import { lstat, open, readdir, realpath } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseDotenv } from '../../shared/environment/dotenv.ts';
import { interpolate } from '../../shared/environment/interpolation.ts';
import { limits } from '../../shared/limits.ts';
import { composeUses } from '../../shared/secrets/compose-uses.ts';
import type { SeenFile, TextFile } from '../../shared/secrets/sight-credentials.ts';
import type { ComposeText } from '../compose-texts.ts';

interface Question {
  /** Absolute: the project's folder. */
  readonly directory: string;
  readonly composeFiles: readonly ComposeText[];
  readonly envFile: TextFile | undefined;
  /** Absolute: the folder of the secrets that are delivered already. */
  readonly secrets: string | undefined;
}

interface Answer {
  readonly otherEnvFiles: readonly TextFile[];
  readonly files: readonly SeenFile[];
  readonly doubts: readonly string[];
}

/** The files that compose files hand to services, as far as they are small texts of this host. */
export async function readSeenFiles(question: Question): Promise<Answer> {
  const { directory, composeFiles, envFile, secrets } = question;
  const values = new Map(
    parseDotenv(envFile?.text ?? '').entries.map(({ name, value }) => [name, value]),
  );
  const answer = {
    otherEnvFiles: [] as TextFile[],
    files: [] as SeenFile[],
    doubts: [] as string[],
  };
  const seen = new Set<string>();
  for (const compose of composeFiles) {
    for (const { how, template = '', place } of composeUses(compose.text, compose.name)) {
      if (how !== 'env_file' && how !== 'mount' && how !== 'secret') continue;
      const path = resolve(
        directory,
        compose.folder,
        interpolate(template, (name) => values.get(name)).value,
      );
      if (seen.has(path) || isBelow(path, secrets) || relative(directory, path) === envFile?.name) {
        continue;
      }
      seen.add(path);
      const found = await textsAt(path);
      if (found === 'too many') answer.doubts.push(`${place}: too many files to look at all`);
      for (const file of found === 'too many' ? [] : found) {
        const named = { name: relative(directory, file.path), text: file.text };
        if (how === 'env_file') answer.otherEnvFiles.push(named);
        else if (!isBelow(file.path, secrets)) answer.files.push({ ...named, how });
      }
    }
  }
  return answer;
}

const isBelow = (path: string, folder: string | undefined): boolean =>
  folder !== undefined && (path === folder || path.startsWith(`${folder}/`));

interface Text {
  readonly path: string;
  readonly text: string;
}

/** A file's text, or those of the files right in a folder; data and programs are none. */
async function textsAt(path: string): Promise<readonly Text[] | 'too many'> {
  const stats = await lstat(await realpath(path).catch(() => path)).catch(() => undefined);
  if (stats?.isFile()) return textOf(path, stats.size);
  if (!stats?.isDirectory()) return [];
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  if (files.length > limits.mountedFiles) return 'too many';
  const texts = await Promise.all(
    files.map(async ({ name }) => {
      const file = join(path, name);
      const { size } = await lstat(file).catch(() => ({ size: 0 }));
      return textOf(file, size);
    }),
  );
  return texts.flat();
}

async function textOf(path: string, size: number): Promise<readonly Text[]> {
  if (size === 0 || size > limits.fileBytes) return [];
  try {
    await using file = await open(path, 'r');
    const text = await file.readFile('utf8');
    return text.includes('\0') ? [] : [{ path, text }];
  } catch {
    // It went, or is not for this user's eyes; what cannot be read here cannot be judged here.
    return [];
  }
}
