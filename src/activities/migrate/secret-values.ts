import { parseDotenv } from '../../shared/environment/dotenv.ts';
import type { Migration } from '../../shared/secrets/migration.ts';
import { type Sighting, sightCredentials } from '../../shared/secrets/sight-credentials.ts';
import type { ProjectFile } from './project-texts.ts';

/** The values of a migration's secrets by name, read from the files as they were. They stay in the worker. */
export function valuesOf(
  { secrets, moves }: Migration,
  files: readonly ProjectFile[],
): ReadonlyMap<string, string> {
  const envFile = files.find(
    ({ role, name }) => role === 'environment' && !name.endsWith('.previous'),
  );
  const { entries } = parseDotenv(envFile?.text ?? '');
  const sightings = sightFiles(files).filter(({ from }) => from.length === 0);
  return new Map(
    secrets.flatMap(({ name, source }) => {
      const move = moves.find(({ secret }) => secret === name);
      const value =
        source === undefined
          ? sightings.find((one) => one.service === move?.service && one.name === move?.variable)
              ?.value
          : entries.findLast((entry) => entry.name === source)?.value;
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** Everything in the files that looks like a credential: what a diff must not show. */
export function sightFiles(files: readonly ProjectFile[]): readonly Sighting[] {
  const composeFiles = files.filter(({ role }) => role === 'compose');
  const environments = files.filter(({ role }) => role === 'environment');
  return [undefined, ...environments].flatMap((envFile) =>
    sightCredentials({ composeFiles, envFile, otherEnvFiles: [], files: [], containers: [] }),
  );
}
