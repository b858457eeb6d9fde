import { join, relative } from 'node:path';
import { errorFacts } from '../../shared/errors.ts';
import { CommandError } from '../errors.ts';
import { readDefinitions } from '../local/definitions.ts';
import { type Discoverer, openDiscoverer } from '../local/discovery.ts';
import { packageRoot } from '../local/paths.ts';
import { parsePlatform } from '../local/read-platforms.ts';
import type { Session } from '../session.ts';
import { type Choice, chooseProject, type View } from './choose.ts';
import { type Draft, platformYaml } from './platform-yaml.ts';
import type { Target } from './target.ts';
import { findEnvironment } from './variables.ts';
import { platformFileIn } from './write.ts';

/** A platform file that is ready to be written. */
export interface MadePlatform extends Draft {
  readonly file: string;
  readonly text: string;
  /** Why nothing is known of containers, when Docker does not answer. */
  readonly away?: string;
}

export interface MakeOptions extends Choice {
  /** Whether running services may be asked how they are. */
  readonly ask: boolean;
  /** Called before anything is asked of Compose or of a service. */
  readonly beforeDiscovery: (target: Target) => Promise<void>;
}

/** Finds out what a compose project consists of, and describes it. Nothing is written. */
export async function makePlatform(options: MakeOptions, session: Session): Promise<MadePlatform> {
  const discoverer = openDiscoverer();
  const view = await look(discoverer);
  const target = await chooseProject(options, view, session);
  await options.beforeDiscovery(target);
  const { project, directory, files, envFile, profiles, hasContainers } = target;
  const discovery = await discoverer.discover({
    ...{ project, directory, profiles, hasContainers, ask: options.ask },
    files: files.map((file) => join(directory, file)),
    ...(envFile === undefined ? {} : { envFile: join(directory, envFile) }),
  });
  const environment = await findEnvironment(target);
  const draft = { target, discovery, environment, schemaPath: schemaFrom(directory) };
  const file = platformFileIn(directory);
  const text = platformYaml(draft);
  await requireValid(text, file);
  return { ...draft, file, text, ...('away' in view ? { away: view.away.message } : {}) };
}

async function look(discoverer: Discoverer): Promise<View> {
  try {
    return await discoverer.look();
  } catch (error) {
    const { code, what, why = '' } = errorFacts(error);
    if (code !== 'RB_DOCKER_UNREACHABLE') throw error;
    const away = new CommandError(code, what, {
      why,
      fix: 'start it, or give the folder with the compose files: runbook init FOLDER',
      context: { changed: false },
    });
    return { away };
  }
}

/** Relative inside a checkout, so that the file can be moved with it. */
function schemaFrom(directory: string): string {
  const path = join(packageRoot, 'schemas', 'platform.schema.json');
  return directory.startsWith(`${packageRoot}/`) ? relative(directory, path) : path;
}

/** What is written passes `validate`; if it does not, that is a mistake of this command. */
async function requireValid(text: string, file: string): Promise<void> {
  try {
    parsePlatform(text, file, await readDefinitions());
  } catch (error) {
    throw new Error(`init made a platform file that is not valid: ${errorFacts(error).why}`, {
      cause: error,
    });
  }
}
