import type { ErrorFacts } from '../../shared/errors.ts';
import type { ErrorContext } from '../errors.ts';
import type { Style } from './style.ts';
import { labelled } from './text.ts';

/** `error CODE: what`, then why, fix, and where it happened. */
export function errorLines(
  facts: ErrorFacts,
  context: ErrorContext,
  width: number,
  style: Style,
): string[] {
  const [first = '', ...rest] = labelled('', `error ${facts.code}: ${facts.what}`, width - 2);
  const where = [
    context.run,
    context.step === undefined ? undefined : `step ${context.step}`,
    context.changed === false ? 'nothing was changed' : undefined,
  ].filter((part) => part !== undefined);
  return [
    first.replace(/^error \S+/, (head) => style.bad(head)),
    ...rest.map((line) => `  ${line}`),
    ...(facts.why === undefined ? [] : labelled('  why   ', facts.why, width)),
    ...(facts.fix === undefined ? [] : labelled('  fix   ', facts.fix, width)),
    ...(context.location === undefined ? [] : labelled('  at    ', context.location, width)),
    ...(where.length === 0 ? [] : labelled('  run   ', where.join(' · '), width)),
  ];
}
