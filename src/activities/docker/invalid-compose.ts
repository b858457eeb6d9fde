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
    `correct ${place?.at ?? 'what Compose names'}, then check with \`docker compose config --quiet\``,
  );
}
