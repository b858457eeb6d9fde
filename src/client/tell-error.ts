import { completeFacts, contextOf, errorJson, exitCodeOf } from './errors.ts';
import { factLines } from './render/error.ts';
import type { ExitCode, Session } from './session.ts';

/** The one place where an error becomes text and an exit code. */
export function tellError(error: unknown, { settings, terminal }: Session): ExitCode {
  const { stream, style, width } = terminal.stderr;
  const facts = completeFacts(error);
  const context = contextOf(error);
  if (settings.output !== 'text') stream.write(`${JSON.stringify(errorJson(facts, context))}\n`);
  else stream.write(`${factLines('error', facts, context, width(), style).join('\n')}\n`);
  const isUnforeseen = facts.code === 'RB_UNEXPECTED';
  if (error instanceof Error && (settings.verbose || isUnforeseen)) {
    stream.write(`${(error.stack ?? '').split('\n').slice(1).join('\n')}\n`);
  }
  return exitCodeOf(error);
}
