import { enableCompileCache } from 'node:module';

// Parsing our own TypeScript is most of what a short command takes; from the second start on it is cached.
enableCompileCache();

const { runProgram } = await import('./program.ts');
process.exitCode = await runProgram(process.argv.slice(2), process);
