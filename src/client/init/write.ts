import { constants } from 'node:fs';
import {
  access,
  chown,
  copyFile,
  link,
  mkdir,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CommandError } from '../errors.ts';
import { fileTrouble } from '../local/file-trouble.ts';
import { isFile } from './is-file.ts';

/** More backups than that are no accident. */
const maxBackups = 100;

/** Before anything is looked at: can the file be written at all? */
export async function requireWritable(file: string, directory: string, force: boolean) {
  if (!force && (await isFile(file))) throw exists(file);
  await access(directory, constants.W_OK).catch((error: unknown) => {
    throw unwritable(file, error);
  });
}

/** Writes the whole file or none. What was there is kept beside it; answers with the name of the copy. */
export async function writePlatformFile(
  file: string,
  text: string,
  { force }: { readonly force: boolean },
): Promise<{ readonly backup?: string }> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text, { flag: 'wx', flush: true });
    await giveToOwner(temporary, dirname(file));
    const backup = force ? await keepOld(file) : undefined;
    // A link refuses to replace what somebody else has put there meanwhile, where a rename would not.
    await (force ? rename(temporary, file) : link(temporary, file));
    return backup === undefined ? {} : { backup };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw exists(file);
    throw unwritable(file, error);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** A deploy puts secrets there: it ignores itself from the start. One that is there already is the project's own. */
export async function makeSecretsFolder(directory: string): Promise<void> {
  const folder = join(directory, '.secrets');
  const ignore = join(folder, '.gitignore');
  try {
    // As the worker has it: consumers pass through by name.
    await mkdir(folder, { mode: 0o711 });
    await writeFile(ignore, '*\n', { flag: 'wx', flush: true });
    for (const path of [ignore, folder]) await giveToOwner(path, directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(folder, error);
  }
}

/** Root leaves the project's files to the user they belong to. */
async function giveToOwner(file: string, directory: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(directory);
  await chown(file, uid, gid);
}

async function keepOld(file: string): Promise<string | undefined> {
  if (!(await isFile(file))) return undefined;
  for (let number = 1; number <= maxBackups; number++) {
    const backup = `${file}.previous${number === 1 ? '' : `-${number}`}`;
    try {
      await copyFile(file, backup, constants.COPYFILE_EXCL);
      return backup;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  throw new Error(`there are ${maxBackups} copies of it already`);
}

export const platformFileIn = (directory: string) => join(directory, 'platform.yaml');

const exists = (file: string) =>
  new CommandError('RB_INIT_EXISTS', `there is a platform file already: ${file}`, {
    why: 'nothing is overwritten unasked',
    fix: '--dry-run prints the new one; --force writes it and keeps the old one beside it',
    context: { changed: false },
  });

const unwritable = (file: string, error: unknown) =>
  new CommandError('RB_FILE_UNWRITABLE', `cannot write ${file}`, {
    why: fileTrouble(error),
    fix: 'make the folder writable, or print the file with --dry-run and put it there yourself',
    context: { changed: false },
  });
