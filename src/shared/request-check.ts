import type { ErrorFacts } from './errors.ts';

/** What somebody wants to start, asked about before there is a run. */
export interface RequestCheck {
  readonly runbook: string;
  readonly request: unknown;
}

/** What the worker would make of it: where it would run, or why it would be refused. */
export type RequestAnswer = { readonly platform: string } | { readonly refused: ErrorFacts };
