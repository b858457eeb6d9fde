import { spawn } from 'node:child_process';
import { StepFence } from '../../../src/worker/fence.ts';

/**
 * A process of its own that holds a claim of the step fence: `fence-holder.ts FOLDER SCHEDULED_MS [COMMAND...]`.
 * It starts the command as a child of its claim, says so, and then does what it is told.
 */
const [folder = '', scheduledMs, command, ...args] = process.argv.slice(2);
// Ends with the test, however that ends.
process.once('disconnect', () => process.exit());

const claim = await new StepFence(folder, new Map()).enter(Number(scheduledMs), () => {});
let child: number | undefined;
if (command) {
  child = spawn(command, args, { detached: true, stdio: 'ignore' }).pid;
  if (child !== undefined) await claim.trackChild(child);
}

process.on('message', async (order) => {
  const work = async () => (order === 'leave' ? claim.leave() : claim.check());
  const outcome = await work().then(
    () => 'done',
    (error: { code: string }) => error.code,
  );
  process.send?.({ outcome });
});
process.send?.({ child });
