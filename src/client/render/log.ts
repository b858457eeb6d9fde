import type { RunLog } from '../../shared/run-log.ts';
import type { Style } from './style.ts';
import { printable } from './text.ts';

/** Attempts in order, each under a line that says which it is; long lines are left as printed. */
export function logLines({ entries }: RunLog, style: Style): string[] {
  return entries.flatMap(({ step, phase, attempt, at, text }) => [
    style.faint(`--- ${step} · ${phase} · attempt ${attempt} · ${at}`),
    ...printable(text).trimEnd().split('\n'),
  ]);
}
