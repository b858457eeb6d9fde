import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { renderHtml } from '../report/html.ts';
import type { PlanLine, RunReport } from '../shared/report.ts';
import type { StepContext } from '../shared/step-context.ts';
import { currentAttempt } from './attempt.ts';
import { writeFileAtomic } from './files.ts';

export interface PlanFacts {
  readonly params: Readonly<Record<string, unknown>>;
  readonly codeVersion: string;
  readonly platformDigest: string;
  /** The step at which the run begins, when that is not its first. */
  readonly from?: string;
  readonly lines: readonly PlanLine[];
}

export const createReportActivities = () => ({
  /** Computes only, so a retry is safe. */
  async digestPlan(ctx: StepContext, facts: PlanFacts): Promise<string> {
    const text = JSON.stringify([ctx.runbook, ctx.platform, facts]);
    return createHash('sha256').update(text).digest('hex');
  },

  /** Writes the same two files again, whole, so a retry is safe. */
  async saveReport(_: StepContext, { report }: { report: RunReport }): Promise<void> {
    const { runDirectory } = currentAttempt();
    const json = `${JSON.stringify(report, undefined, 2)}\n`;
    await writeFileAtomic(join(runDirectory, 'report.json'), json, { mode: 0o600 });
    await writeFileAtomic(join(runDirectory, 'report.html'), renderHtml(report), { mode: 0o600 });
  },
});
