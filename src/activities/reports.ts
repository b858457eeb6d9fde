import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { renderHtml } from '../report/html.ts';
import { type PlanFacts, planText } from '../shared/plan-text.ts';
import type { RunReport } from '../shared/report.ts';
import type { StepContext } from '../shared/step-context.ts';
import { currentAttempt } from './attempt.ts';
import { writeFileAtomic } from './files.ts';

export const createReportActivities = () => ({
  /** Computes only, so a retry is safe. */
  async digestPlan(ctx: StepContext, facts: PlanFacts): Promise<string> {
    return createHash('sha256')
      .update(planText(ctx.runbook, ctx.platform, facts))
      .digest('hex');
  },

  /** Writes the same two files again, whole, so a retry is safe. */
  async saveReport(_: StepContext, { report }: { report: RunReport }): Promise<void> {
    const { runDirectory } = currentAttempt();
    const json = `${JSON.stringify(report, undefined, 2)}\n`;
    await writeFileAtomic(join(runDirectory, 'report.json'), json, { mode: 0o600 });
    await writeFileAtomic(join(runDirectory, 'report.html'), renderHtml(report), { mode: 0o600 });
  },
});
