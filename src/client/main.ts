import { exitCodes } from '../shared/exit-codes.ts';
import { completeWord, runProgram } from './program.ts';

// Whoever reads only the head of an answer closes the pipe: that is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

const args = process.argv.slice(2);
process.exitCode = await runProgram(args, process);
// Nobody waits for a server that has not answered in time what could have been meant.
if (args[0] === completeWord || process.exitCode === exitCodes.usage) process.exit();
