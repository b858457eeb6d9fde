import { runProgram } from './program.ts';

// Whoever reads only the head of an answer closes the pipe: that is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

process.exitCode = await runProgram(process.argv.slice(2), process);
