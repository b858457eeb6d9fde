import type { Session } from '../session.ts';
import type { Connecting } from './temporal-checks.ts';

export type Verdict = 'ok' | 'warn' | 'fail';

/** One line of the doctor; as JSON its keys are only ever added to. */
export interface Finding {
  readonly name: string;
  readonly verdict: Verdict;
  readonly observed: string;
  readonly fix?: string;
}

export interface CheckContext {
  readonly session: Session;
  readonly connecting: Connecting;
}

export type Check = (context: CheckContext) => Promise<Finding>;

export const ok = (name: string, observed: string): Finding => ({ name, verdict: 'ok', observed });

export const warn = (name: string, observed: string, fix: string): Finding => ({
  name,
  verdict: 'warn',
  observed,
  fix,
});

export const fail = (name: string, observed: string, fix: string): Finding => ({
  name,
  verdict: 'fail',
  observed,
  fix,
});
