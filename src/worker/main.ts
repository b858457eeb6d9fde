import { RunbookError } from '../shared/errors.ts';
import { runWorker } from './start.ts';

runWorker().catch((error: unknown) => {
  process.stderr.write(`${describe(error)}\n`);
  process.exitCode = 1;
});

/** What we know is said in three lines; what we do not know keeps its stack. */
function describe(error: unknown): string {
  if (!(error instanceof RunbookError)) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const { code, message, why, fix } = error;
  return `error ${code}: ${message}\n  why   ${why ?? ''}\n  fix   ${fix ?? ''}`;
}
