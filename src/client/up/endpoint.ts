import { endpointOf, readToken } from '../../codec/endpoint.ts';
import { stateDirectory } from '../local/paths.ts';
import type { Environment } from '../terminal.ts';
import { isRunning, readNote } from './note.ts';

/** Where the codec server of the `up` of this state directory listens; undefined when none is up. */
export async function runningEndpoint(env: Environment): Promise<string | undefined> {
  const directory = stateDirectory(env);
  const upNote = await readNote(directory);
  const token = await readToken(directory);
  const isUp = upNote !== undefined && (await isRunning(upNote));
  if (!isUp || token === undefined) return undefined;
  return endpointOf(upNote.codecPort, token);
}
