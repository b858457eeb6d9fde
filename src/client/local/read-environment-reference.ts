import { dirname, join, normalize } from 'node:path';
import { everyComposeReference } from '../../shared/environment/compose-references.ts';
import { envFileUses } from '../../shared/environment/env-file-uses.ts';
import {
  environmentReference,
  type VariableReference,
} from '../../shared/environment/reference.ts';
import { readComposeFiles } from './compose-files.ts';
import type { OpenedPlatform } from './read-environment.ts';

/** The environment variables of a platform, for people who set them. No value stands in it. */
export interface EnvironmentReference {
  readonly schema: 'runbook.environment-reference/v1';
  readonly platform: string;
  readonly title: string;
  /** What people call the file. */
  readonly file: string;
  readonly variables: readonly VariableReference[];
  /** Where a service gets the whole file: it may use variables that nothing here names. */
  readonly handedOverAt: readonly string[];
}

export async function readEnvironmentReference({
  platform,
  directory,
}: OpenedPlatform): Promise<EnvironmentReference> {
  const files = await readComposeFiles(platform, directory);
  const references = files.flatMap(({ name, text }) => everyComposeReference(text, name));
  const { file, variables } = platform.environment;
  const handedOver = files.flatMap(({ name, text }) =>
    envFileUses(text, name).filter(
      ({ path }) => normalize(join(dirname(name), path)) === normalize(file),
    ),
  );
  return {
    schema: 'runbook.environment-reference/v1',
    platform: platform.name,
    title: platform.title,
    file,
    variables: environmentReference(variables, references),
    handedOverAt: handedOver.map(({ place }) => place),
  };
}
