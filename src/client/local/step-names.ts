import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { membersOf, namesOf, type Platform } from '../../shared/platform-file.ts';
import type { Session } from '../session.ts';
import { platformsHere } from './platforms-here.ts';
import { pinnedPlatform } from './run-folders.ts';
import { undescribedServices } from './undescribed.ts';

/** What a word in capitals stands for in the id of a step; one that is absent may be anything. */
export type StepNames = Readonly<Record<string, readonly string[]>>;

/** Of the platform of a run, as far as this machine knows it: nothing where its files are elsewhere. */
export async function stepNames(
  run: string,
  platform: string,
  session: Pick<Session, 'env' | 'cwd'>,
): Promise<StepNames> {
  const found = (await pinnedPlatform(run, session.env)) ?? (await fileOf(platform, session));
  if (found === undefined) return {};
  const { directory, compose } = found;
  const { services, secrets } = namesOf(found);
  // A compose service without an entry has steps as well: nobody can name them without the files.
  const isReadable = compose.files.every((file) => existsSync(join(directory, file)));
  if (!isReadable) return { SECRET: secrets };
  const others = (await undescribedServices(found, directory)).map(({ name }) => name);
  const members = Object.entries(found.services).flatMap(([name, service]) =>
    membersOf(name, service),
  );
  return {
    SERVICE: [...services, ...others],
    MEMBER: [...members, ...others],
    SECRET: secrets,
  };
}

async function fileOf(
  name: string,
  session: Pick<Session, 'env' | 'cwd'>,
): Promise<Platform | undefined> {
  const { good } = await platformsHere([], session);
  const found = good.find(({ platform }) => platform.name === name);
  return found && { ...found.platform, directory: dirname(found.path) };
}
