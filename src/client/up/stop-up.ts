import { stateDirectory } from '../local/paths.ts';
import type { Session } from '../session.ts';
import { isRunning, livingChildren, readNote, removeNote } from './note.ts';
import { signalProcess } from './processes.ts';

/** Each program has 15 s to end in order, one after the other; then `up` kills it itself. */
const deadlineMs = 35_000;

/** Ends the `up` of this state directory; false when there is none. */
export async function stopUp(session: Session): Promise<boolean> {
  const { env, clock } = session;
  const directory = stateDirectory(env);
  const note = await readNote(directory);
  if (note === undefined) return false;
  const wasRunning = await isRunning(note);
  const remaining = async () => [
    ...((await isRunning(note)) ? [note.supervisor] : []),
    ...(await livingChildren((await readNote(directory)) ?? note)),
  ];
  const signalAll = async (signal: NodeJS.Signals) => {
    // The supervisor ends its own programs; alone they are told themselves.
    const targets = wasRunning && signal === 'SIGTERM' ? [note.supervisor] : await remaining();
    for (const id of targets) await signalProcess(id, signal);
  };
  await signalAll('SIGTERM');
  const deadline = clock.now().getTime() + deadlineMs;
  while ((await remaining()).length > 0) {
    if (clock.now().getTime() > deadline) await signalAll('SIGKILL');
    await clock.sleep(50);
  }
  await removeNote(directory);
  return wasRunning;
}
