import type { HeldLock } from './lock.ts';

export type Phase = 'probe' | 'act' | 'verify' | 'undo';

/** The first argument of every activity: who asks, for which attempt of which step. */
export interface StepContext {
  /** The workflow id. */
  readonly run: string;
  /** The workflow's first run id, which a reset keeps. */
  readonly execution: string;
  readonly runbook: string;
  readonly platform: string;
  readonly step: string;
  readonly phase: Phase;
  /** Counts every attempt of the step, lost ones included. */
  readonly attempt: number;
  /** What the run holds; none for a plan. */
  readonly locks: readonly HeldLock[];
  /** The sweep that the run knows of; the host lets only such attempts of a swept run undo. */
  readonly sweep?: string;
}
