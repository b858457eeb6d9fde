import { RunbookError } from '../../shared/errors.ts';
import { commandOutput } from '../doctor/command-output.ts';
import { composeProgram } from '../local/check-compose.ts';
import type { Environment } from '../terminal.ts';
import { rawVariable, type Setting, setting } from './setting.ts';

/** The Compose that a worker started here would use, and its version, or why they are not known. */
export async function composeSettings(env: Environment): Promise<readonly Setting[]> {
  const named = rawVariable(env, 'RUNBOOK_COMPOSE');
  const program = await composeProgram(env).catch((error: unknown) => {
    if (error instanceof RunbookError) return error;
    throw error;
  });
  if (typeof program !== 'string') {
    const why = `${program.message}; ${program.fix}`;
    return [
      { ...setting('compose', named), why },
      { ...setting('compose-version'), why: program.message },
    ];
  }
  const version = await commandOutput(program, ['version', '--short'], env);
  return [
    setting('compose', named, { value: program, source: 'found' }),
    'error' in version
      ? { ...setting('compose-version'), why: `not known: ${version.error}` }
      : setting('compose-version', { value: version.text, source: 'found', from: program }),
  ];
}
