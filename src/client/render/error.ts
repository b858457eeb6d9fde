import type { ErrorFacts } from '../../shared/errors.ts';
import type { ErrorContext } from '../errors.ts';
import type { Style } from './style.ts';
import { labelled } from './text.ts';

const tones = { error: 'bad', warning: 'caution' } as const;

/**
 * `error CODE: what`, then why, fix, and where it happened. A warning is the same of what did not end
 * the command: it goes on, or has given an answer.
 */
export function factLines(
  word: keyof typeof tones,
  facts: ErrorFacts,
  context: ErrorContext,
  width: number,
  style: Style,
): string[] {
  const head = `${word} ${facts.code}`;
  const [first = '', ...rest] = labelled('', `${head}: ${facts.what}`, width - 2);
  return [
    first.replace(head, style[tones[word]]),
    ...rest.map((line) => `  ${line}`),
    ...adviceLines(facts, width),
    ...(context.location === undefined ? [] : labelled('  at    ', context.location, width)),
    ...whereLines(context, width),
  ];
}

function adviceLines({ why, fix }: ErrorFacts, width: number): string[] {
  return [
    ...(why === undefined ? [] : labelled('  why   ', why, width)),
    ...(fix === undefined ? [] : labelled('  fix   ', fix, width)),
  ];
}

function whereLines({ run, step, changed }: ErrorContext, width: number): string[] {
  const where = [
    run,
    step === undefined ? undefined : `step ${step}`,
    changed === false ? 'nothing was changed' : undefined,
  ].filter((part) => part !== undefined);
  return where.length === 0 ? [] : labelled('  run   ', where.join(' · '), width);
}
