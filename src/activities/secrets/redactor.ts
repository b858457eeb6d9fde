import { join } from 'node:path';
import { parseDotenv } from '../../shared/environment/dotenv.ts';
import { secretVariables } from '../../shared/environment/variables.ts';
import type { Platform } from '../../shared/platform-file.ts';
import { readTextIfExists } from '../files.ts';
import { openPlatformStore } from './store.ts';

/** Shorter values stand in too many innocent words to be searched for. */
const minLength = 6;

/**
 * Every secret value of a platform, to be blanked out wherever it would be printed; the longest first, so that
 * no part of one is left over. Older versions are among them: they may still open something.
 */
export async function secretValues(platform: Platform): Promise<readonly string[]> {
  const { file, variables } = platform.environment;
  const text = (await readTextIfExists(join(platform.directory, file))) ?? '';
  const names = new Set(secretVariables(variables));
  const written = parseDotenv(text).entries.flatMap((entry) =>
    names.has(entry.name) && entry.value !== undefined ? [entry.value] : [],
  );
  const values = [...(await openPlatformStore(platform).allValues()), ...written];
  return [...new Set(values.flatMap((value) => [value, asInUrl(value)]))]
    .filter((value) => value.length >= minLength)
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

/** A function that blanks out the platform's secrets of this moment; make a new one after minting. */
export async function createRedactor(platform: Platform): Promise<(text: string) => string> {
  const values = await secretValues(platform);
  return (text) => values.reduce((left, value) => left.replaceAll(value, '[redacted]'), text);
}

/** Connection strings carry values percent-encoded; a lone surrogate cannot be encoded. */
function asInUrl(value: string): string {
  return value.isWellFormed() ? encodeURIComponent(value) : value;
}
