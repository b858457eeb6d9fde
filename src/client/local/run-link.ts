import type { Runs } from '../runs/api.ts';
import type { Environment } from '../terminal.ts';
import { uiLink } from '../up/links.ts';
import { readNote } from '../up/note.ts';
import { stateDirectory } from './paths.ts';

/** The page of a run in the Temporal UI; known where `up` has started the server that was asked. */
export async function runLink(
  { address, namespace }: Pick<Runs, 'address' | 'namespace'>,
  run: string,
  env: Environment,
): Promise<string | undefined> {
  const note = await readNote(stateDirectory(env));
  if (note?.address !== address) return undefined;
  return `${uiLink(note.uiPort)}/namespaces/${namespace}/workflows/${encodeURIComponent(run)}`;
}
