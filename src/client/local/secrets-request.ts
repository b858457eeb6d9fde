import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { chooseProject } from '../init/choose.ts';
import { isFile } from '../init/is-file.ts';
import { platformFileIn } from '../init/write.ts';
import type { Session } from '../session.ts';
import type { SecretsRequest } from './discovery.ts';
import { openPlatformFile } from './read-environment.ts';

/** Whose credentials are meant: a platform's, or a compose project's that has no platform file yet. */
export async function secretsRequest(
  where: string | undefined,
  session: Session,
): Promise<SecretsRequest> {
  const today = session.clock.now().toISOString().slice(0, 10);
  const path = resolve(session.cwd, where ?? '.');
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  const file = isFolder ? await platformFileOf(path) : path;
  if (file === undefined && where !== undefined) return ofFolder(path, today, session);
  const { platform, directory } = await openPlatformFile(file, session.cwd);
  return {
    project: platform.compose.project,
    directory,
    composeFiles: platform.compose.files,
    envFile: platform.environment.file,
    hasContainers: true,
    declared: platform,
    today,
  };
}

async function platformFileOf(folder: string): Promise<string | undefined> {
  const file = platformFileIn(folder);
  return (await isFile(file)) ? file : undefined;
}

/** As `init` takes a folder. */
async function ofFolder(folder: string, today: string, session: Session): Promise<SecretsRequest> {
  const view = { projects: [], others: [] };
  const target = await chooseProject(
    { folder, project: undefined, composeFiles: [] },
    view,
    session,
  );
  const { project, directory, files, envFile = '.env' } = target;
  return { project, directory, composeFiles: files, envFile, hasContainers: true, today };
}
