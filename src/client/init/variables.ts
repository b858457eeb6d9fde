import { readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import {
  type ComposeReference,
  everyComposeReference,
  strictest,
} from '../../shared/environment/compose-references.ts';
import { parseDotenv } from '../../shared/environment/dotenv.ts';
import { envFileUses } from '../../shared/environment/env-file-uses.ts';
import { type LiteralSecret, literalSecrets } from '../../shared/environment/literal-secrets.ts';
import { alwaysSet } from '../../shared/environment/missing.ts';
import { isCalledSecret } from '../../shared/environment/reference.ts';
import { limits } from '../../shared/limits.ts';
import { readComposeFiles } from '../local/compose-files.ts';
import { isFile } from './is-file.ts';
import type { Target } from './target.ts';

/** A variable of the environment file as the platform file would declare it. Its value is nowhere here. */
export interface FoundVariable {
  readonly name: string;
  readonly description: string;
  /** Whether nothing works without a value that a person gives. */
  readonly required: boolean;
  readonly looksSecret: boolean;
  readonly todo?: string;
}

export interface FoundEnvironment {
  /** From the project's folder. */
  readonly file: string;
  readonly exists: boolean;
  /** Where `deploy` may write an example without replacing one that is there. */
  readonly example: string;
  readonly variables: readonly FoundVariable[];
  readonly literalSecrets: readonly LiteralSecret[];
}

/** What the compose files take from the environment, and whether the environment file has it. */
export async function findEnvironment({
  directory,
  files,
  envFile,
}: Target): Promise<FoundEnvironment> {
  const file = envFile ?? '.env';
  const texts = await readComposeFiles({ compose: { files: [...files] } }, directory);
  const references = strictest(
    texts.flatMap(({ name, text }) => everyComposeReference(text, name)),
  ).filter(({ name }) => !alwaysSet.has(name));
  const given = await namesIn(join(directory, file));
  const handedOver = texts.flatMap(({ name, text }) =>
    envFileUses(text, name).filter(
      ({ path }) => normalize(join(dirname(name), path)) === normalize(file),
    ),
  );
  const taken = new Set(references.map(({ name }) => name));
  const [use] = handedOver;
  return {
    file,
    exists: envFile !== undefined,
    example: await freeExample(directory, file),
    variables: [
      ...references.map((reference) => variableOf(reference, given)),
      ...(use === undefined ? [] : [...given.keys()].filter((name) => !taken.has(name))).map(
        (name) => ({
          name,
          description: `Handed to a service with the whole file at ${use?.place}`,
          required: false,
          looksSecret: isCalledSecret(name),
        }),
      ),
    ].filter(({ name }) => !name.startsWith('COMPOSE_')),
    literalSecrets: texts.flatMap(({ name, text }) => literalSecrets(text, name)),
  };
}

/** Name to whether it has a value; the values end here. */
async function namesIn(path: string): Promise<ReadonlyMap<string, boolean>> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const { entries } = parseDotenv(text.slice(0, limits.fileBytes));
  return new Map(
    entries
      .filter(({ name }) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      .map(({ name, value }) => [name, Boolean(value)]),
  );
}

function variableOf(
  { name, need, place }: ComposeReference,
  given: ReadonlyMap<string, boolean>,
): FoundVariable {
  const isGiven = given.get(name) === true;
  const facts = { name, description: `Taken by ${place}`, looksSecret: isCalledSecret(name) };
  if (isGiven) return { ...facts, required: need !== 'optional' };
  if (need === 'must')
    return { ...facts, required: true, todo: 'set nowhere, and Compose needs it' };
  if (need === 'optional') return { ...facts, required: false };
  return { ...facts, required: false, todo: 'set nowhere: Compose puts nothing in its place' };
}

async function freeExample(directory: string, file: string): Promise<string> {
  for (const name of ['.env.example', '.env.runbook-example']) {
    if (name !== file && !(await isFile(join(directory, name)))) return name;
  }
  return '.env.runbook-example';
}
