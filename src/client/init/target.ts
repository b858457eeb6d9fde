import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { Name } from '../../shared/name.ts';
import { CommandError } from '../errors.ts';
import type { FoundProject } from '../local/discovery.ts';
import type { FolderProject } from './folder.ts';
import { isFile } from './is-file.ts';

/** The project that a platform file is written for. */
export interface Target {
  readonly project: string;
  /** Absolute; paths in the compose files start here, so the platform file has to stand here. */
  readonly directory: string;
  /** From the directory. */
  readonly files: readonly string[];
  /** From the directory; the one that is there. */
  readonly envFile?: string;
  /** What Compose read as well, and a platform file cannot say. */
  readonly otherEnvFiles: readonly string[];
  readonly profiles: readonly string[];
  readonly hasContainers: boolean;
}

export function targetOfFolder(here: FolderProject, folder: string): Promise<Target> {
  const envFiles = here.envFile === undefined ? [] : [here.envFile];
  return target({ ...here, directory: folder, envFiles }, false);
}

/** Its containers say what they were made from; a folder's files win where they were asked for. */
export async function targetOfProject(
  found: FoundProject,
  folder: string,
  here: FolderProject | undefined,
): Promise<Target> {
  const files = found.files.map((file) => resolve(found.directory, file));
  if (here !== undefined) {
    const envFiles = here.envFile === undefined ? [] : [here.envFile];
    return target({ ...here, name: found.name, directory: folder, envFiles }, true);
  }
  if (found.directory === '' || files.length === 0) throw originUnknown(found.name);
  for (const file of files) if (!(await isFile(file))) throw fileGone(found.name, file);
  const usual = join(found.directory, '.env');
  const envFiles =
    found.envFiles.length > 0 ? found.envFiles : (await isFile(usual)) ? [usual] : [];
  return target({ ...found, files, envFiles, profiles: [] }, true);
}

interface Origin {
  readonly name: string;
  readonly directory: string;
  readonly files: readonly string[];
  readonly envFiles: readonly string[];
  readonly profiles: readonly string[];
}

async function target(origin: Origin, hasContainers: boolean): Promise<Target> {
  const { name, directory, profiles } = origin;
  if (!Name.safeParse(name).success) throw badName(name);
  const files = await Promise.all(origin.files.map((file) => pathFrom(directory, file)));
  const outside = files.findIndex((file) => !isNameable(file));
  if (outside >= 0) throw fileOutside(name, origin.files[outside] ?? '', directory);
  const envFiles = await Promise.all(origin.envFiles.map((file) => pathFrom(directory, file)));
  const there = await Promise.all(origin.envFiles.map(isFile));
  const envFile = envFiles.find((file, index) => there[index] && isNameable(file));
  return {
    ...{ project: name, directory, files, hasContainers },
    profiles: profiles.filter((profile) => Name.safeParse(profile).success),
    ...(envFile === undefined ? {} : { envFile }),
    otherEnvFiles: envFiles.filter((file) => file !== envFile),
  };
}

/** Folders may be reached through links; the file itself may be one, and stays one. */
async function pathFrom(directory: string, file: string): Promise<string> {
  const real = (path: string) => realpath(path).catch(() => path);
  return relative(await real(directory), join(await real(dirname(file)), basename(file)));
}

/** What a platform file takes as a path. */
const isNameable = (path: string) =>
  /^[A-Za-z0-9._/-]+$/.test(path) && !path.startsWith('/') && !path.split('/').includes('..');

const refused = (code: string, what: string, why: string, fix: string) =>
  new CommandError(code, what, { why, fix, context: { changed: false } });

const originUnknown = (project: string) =>
  refused(
    'RB_INIT_ORIGIN_UNKNOWN',
    `${project} does not say which compose files it was made from`,
    'its containers have no label with them: something else than Docker Compose made them',
    `give the folder with its compose files: runbook init FOLDER --project ${project}`,
  );

const fileGone = (project: string, file: string) =>
  refused(
    'RB_COMPOSE_FILE_MISSING',
    `a compose file of ${project} is gone: ${file}`,
    'its containers were made from it',
    `put it back, or name the files that describe it now: runbook init FOLDER --project ${project} --compose-file FILE`,
  );

const fileOutside = (project: string, file: string, directory: string) =>
  refused(
    'RB_INIT_FILE_OUTSIDE',
    `${file} cannot stand in a platform file of ${project}`,
    `a platform file stands in the project's folder, ${directory}, and names files below it, of letters, digits, ".", "_", "-" and "/"`,
    'move or rename the file, and start the project from there',
  );

const badName = (name: string) =>
  refused(
    'RB_INIT_NO_PROJECT',
    `${JSON.stringify(name)} cannot be the name of a platform`,
    'expected a name of at most 63 lower-case letters, digits, "-" and "_"',
    'name the project: `name:` at the top of its compose file, or --project NAME',
  );
