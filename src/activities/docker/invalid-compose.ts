import { RunbookError, refuse } from '../../shared/errors.ts';
import { findComposePlace } from './compose-place.ts';

/** A configuration that Compose refuses: the place in the files, and Compose's own words. */
export async function invalidCompose(error: unknown, files: readonly string[]): Promise<unknown> {
  if (!(error instanceof RunbookError) || error.code !== 'RB_COMPOSE_INVALID') return error;
  const words = error.why ?? error.message;
  const place = await findComposePlace(words, files);
  return refuse(
    'RB_COMPOSE_INVALID',
    'Compose refuses the configuration',
    place === undefined
      ? `${words}\nfiles: ${files.join(', ')}`
      : `${place.at} ${place.what}\n${words}`,
    fixFor(words, place?.at),
  );
}

function fixFor(words: string, at: string | undefined): string {
  const correct = `correct ${at ?? 'what Compose names'}, then check with \`docker compose config --quiet\``;
  const absent = /env file (\S+) not found/.exec(words)?.[1];
  return absent === undefined
    ? correct
    : `deploy first when that is the environment file of the platform: a deploy writes it; else ${correct}`;
}
