import { isCancel, select } from '@clack/prompts';
import type { FoundProject } from '../local/discovery.ts';
import type { Session } from '../session.ts';

/** Asked on stderr; undefined when the question was left. */
export async function askProject(
  projects: readonly FoundProject[],
  { terminal }: Session,
): Promise<FoundProject | undefined> {
  const output = terminal.stderr.stream as NodeJS.WriteStream;
  const chosen = await select({
    message: 'Which compose project?',
    options: projects.map((project) => ({ value: project.name, label: projectWords(project) })),
    output,
  });
  return isCancel(chosen) ? undefined : projects.find(({ name }) => name === chosen);
}

/** `shop: 3 of 4 containers running, made in /srv/shop` */
export const projectWords = ({ name, containers, running, directory }: FoundProject): string =>
  `${name}: ${running} of ${containers} containers running${directory === '' ? '' : `, made in ${directory}`}`;
