import type { PlanLine } from './report.ts';

export interface PlanFacts {
  readonly params: Readonly<Record<string, unknown>>;
  readonly codeVersion: string;
  readonly platformDigest: string;
  /** The step at which the run begins, when that is not its first. */
  readonly from?: string;
  readonly lines: readonly PlanLine[];
}

/** What the digest of a plan is made of, wherever it is computed. */
export function planText(runbook: string, platform: string, facts: PlanFacts): string {
  const { params, codeVersion, platformDigest, from, lines } = facts;
  return JSON.stringify([runbook, platform, { params, codeVersion, platformDigest, from, lines }]);
}
