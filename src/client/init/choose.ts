import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { firstNames } from '../../shared/name-list.ts';
import { didYouMean } from '../../shared/nearest.ts';
import { CommandError } from '../errors.ts';
import type { FoundProject, MachineView } from '../local/discovery.ts';
import type { Session } from '../session.ts';
import { askProject, projectWords } from './ask-project.ts';
import { projectOfFolder } from './folder.ts';
import { type Target, targetOfFolder, targetOfProject } from './target.ts';

export interface Choice {
  readonly folder?: string | undefined;
  readonly project?: string | undefined;
  readonly composeFiles: readonly string[];
}

/** Nothing can be said of containers while Docker does not answer. */
export type View = MachineView | { readonly away: CommandError };

/**
 * Which project is meant: the one that is named, else the one of the folder, running or not, else the only one that
 * has containers here. Asks when there are several, or lists them where nobody can be asked.
 */
export async function chooseProject(
  { folder, project, composeFiles }: Choice,
  view: View,
  session: Session,
): Promise<Target> {
  const path = await existingFolder(resolve(session.cwd, folder ?? '.'));
  const files = composeFiles.map((file) => resolve(session.cwd, file));
  const here = await projectOfFolder(path, files);
  const projects = 'away' in view ? [] : view.projects;
  const found = (chosen: FoundProject) =>
    targetOfProject(chosen, path, files.length > 0 || chosen.files.length === 0 ? here : undefined);

  if (project !== undefined) {
    const named = projects.find(({ name }) => name === project);
    if (named !== undefined) return found(named);
    if (here !== undefined) return targetOfFolder({ ...here, name: project }, path);
    throw unknownProject(project, view);
  }
  const places = await Promise.all(projects.map(async (each) => placeOf(each, path)));
  const at = (place: Place) => projects.filter((_, index) => places[index] === place);
  const same = at('same');
  if (same.length > 0) return found(await onlyOne(same, session));
  if (here !== undefined) {
    // Compose tells projects apart by their names: containers of that name are this project's.
    const twin = projects.find(({ name }) => name === here.name);
    return twin === undefined
      ? targetOfFolder(here, path)
      : targetOfProject({ ...twin, files: [] }, path, here);
  }
  const below = at('below');
  if (below.length > 0) return found(await onlyOne(below, session));
  if (folder === undefined && projects.length > 0) return found(await onlyOne(projects, session));
  throw noProject(path, view);
}

async function existingFolder(path: string): Promise<string> {
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isDirectory()) return path;
  throw new CommandError('RB_FILE_UNREADABLE', `there is no folder ${path}`, {
    why: stats === undefined ? 'nothing of that name is there' : 'it is a file',
    fix: 'give the folder that holds the compose files',
    context: { changed: false },
  });
}

type Place = 'same' | 'below' | 'elsewhere';

async function placeOf({ directory }: FoundProject, folder: string): Promise<Place> {
  if (directory === '') return 'elsewhere';
  const real = (path: string) => realpath(path).catch(() => path);
  const [own, wanted] = await Promise.all([real(directory), real(folder)]);
  if (own === wanted) return 'same';
  return own.startsWith(`${wanted}/`) ? 'below' : 'elsewhere';
}

async function onlyOne(projects: readonly FoundProject[], session: Session): Promise<FoundProject> {
  const [only, ...others] = projects;
  if (only !== undefined && others.length === 0) return only;
  if (session.terminal.canAsk) {
    const answer = await askProject(projects, session);
    if (answer !== undefined) return answer;
  }
  throw new CommandError('RB_INIT_WHICH_PROJECT', 'say which compose project is meant', {
    why: `there are ${projects.length}:\n${projects.map(projectWords).join('\n')}`,
    fix: `runbook init --project ${only?.name}`,
    context: { changed: false },
  });
}

function unknownProject(project: string, view: View): CommandError {
  if ('away' in view) return view.away;
  const names = view.projects.map(({ name }) => name);
  return new CommandError('RB_INIT_NO_PROJECT', `there is no compose project ${project}`, {
    why:
      names.length === 0
        ? 'no container here was made by Docker Compose'
        : `no container here belongs to it${didYouMean(project, names)}; there are: ${names.join(', ')}`,
    fix: 'correct the name; for one that has no containers give the folder with its compose files too',
    context: { changed: false },
  });
}

const shownOthers = 5;

function noProject(folder: string, view: View): CommandError {
  if ('away' in view) return view.away;
  const { projects, others } = view;
  const elsewhere =
    projects.length === 0
      ? 'no container here was made by Docker Compose'
      : `projects here:\n${projects.map(projectWords).join('\n')}`;
  const foreign =
    others.length === 0
      ? ''
      : `\nmade by other means: ${firstNames(others, shownOthers)}; runbook works on compose projects`;
  return new CommandError('RB_INIT_NO_PROJECT', `${folder} has no compose project`, {
    why: `it has no compose file, and no project with containers was made in it; ${elsewhere}${foreign}`,
    fix: 'give the folder with the compose files, or the project with --project NAME',
    context: { changed: false },
  });
}
