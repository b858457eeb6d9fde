import { stateDirectory } from '../local/paths.ts';
import type { Session } from '../session.ts';
import {
  isRunning,
  livingChildren,
  readNote,
  readyDeadlineMs,
  removeNote,
  type UpNote,
} from './note.ts';
import { signalProcess } from './processes.ts';

const leftoverDeadlineMs = 15_000;

/** The `up` of this state directory, once it is ready; what a killed one left is cleared away. */
export async function existingUp(session: Session): Promise<UpNote | undefined> {
  const directory = stateDirectory(session.env);
  const deadline = session.clock.now().getTime() + readyDeadlineMs;
  for (;;) {
    const note = await readNote(directory);
    if (note === undefined) return undefined;
    if (!(await isRunning(note))) {
      await clearLeftovers(note, session);
      await removeNote(directory);
      return undefined;
    }
    if (note.ready || session.clock.now().getTime() > deadline) return note;
    await session.clock.sleep(100);
  }
}

/** They have been told to end when their `up` died; a new server cannot use the ports before that. */
async function clearLeftovers(note: UpNote, { clock }: Session): Promise<void> {
  const deadline = clock.now().getTime() + leftoverDeadlineMs;
  for (const id of await livingChildren(note)) await signalProcess(id, 'SIGTERM');
  for (;;) {
    const alive = await livingChildren(note);
    if (alive.length === 0) return;
    if (clock.now().getTime() > deadline) {
      for (const id of alive) await signalProcess(id, 'SIGKILL');
    }
    await clock.sleep(100);
  }
}
