import { join } from 'node:path';
import { parseDotenv } from '../../shared/environment/dotenv.ts';
import { readTextIfExists } from '../files.ts';
import type { OpenedCredential } from './open-credential.ts';

/** Shorter ones stand in other words by chance. */
const leastPartChars = 12;

/**
 * Variables of the environment file that have the value as well, alone or in a URL. Whoever takes it from there gets
 * no new one and would be locked out: a migration that could move only some of its places leaves it so.
 */
export async function variablesWith(own: OpenedCredential, version: string): Promise<string[]> {
  const { directory, environment } = own.opened.platform;
  const text = await readTextIfExists(join(directory, environment.file));
  const { value } = await own.read(version);
  return parseDotenv(text ?? '').entries.flatMap(({ name, value: given = '' }) => {
    const isPart = value.length >= leastPartChars && given.includes(value);
    return given === value || isPart ? [name] : [];
  });
}
