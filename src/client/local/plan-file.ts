import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { limits } from '../../shared/limits.ts';
import { planText } from '../../shared/plan-text.ts';
import type { Plan, RunReport } from '../../shared/report.ts';
import { CommandError } from '../errors.ts';
import type { Session } from '../session.ts';
import { fileTrouble } from './file-trouble.ts';

/** The report of a plan, as `start --plan -o json` prints it: what a run can be bound to. */
export type PlannedReport = Pick<
  RunReport,
  'runbook' | 'platform' | 'params' | 'onFailure' | 'reason' | 'from' | 'retryOf'
> & { readonly approvedPlan: Plan };

export async function writePlanFile(
  file: string,
  report: RunReport,
  session: Session,
): Promise<void> {
  const path = resolve(session.cwd, file);
  try {
    await writeFile(path, `${JSON.stringify(report, undefined, 2)}\n`, { mode: 0o600 });
  } catch (error) {
    throw new CommandError('RB_FILE_UNWRITABLE', `cannot write ${path}`, {
      why: fileTrouble(error),
      fix: 'choose a file in a folder that you may write to',
      context: { changed: false },
    });
  }
}

/** Throws `RB_PLAN_FILE` for whatever is not the whole, unchanged report of a plan. */
export async function readPlanFile(file: string, cwd: string): Promise<PlannedReport> {
  const text = await readFile(resolve(cwd, file), 'utf8').catch((error: unknown) => {
    throw new CommandError('RB_FILE_UNREADABLE', `cannot read the plan file ${file}`, {
      why: fileTrouble(error),
      fix: 'give the file that start --plan-out has written',
      context: { changed: false },
    });
  });
  const report = planned(text, file);
  const { approvedPlan, runbook, platform, params, codeVersion, from } = report;
  const { digest, lines, platformDigest = '' } = approvedPlan;
  const facts = {
    ...{ params, codeVersion, platformDigest, lines },
    ...(from === undefined ? {} : { from }),
  };
  const own = createHash('sha256')
    .update(planText(runbook, platform, facts))
    .digest('hex');
  if (own === digest) return report;
  throw notThePlan(file, 'what it says is not what its digest was made of: it was changed since');
}

type Planned = PlannedReport & Pick<RunReport, 'codeVersion'>;

function planned(text: string, file: string): Planned {
  if (text.length > limits.reportBytes) throw notThePlan(file, 'it is larger than any plan');
  const value = parsed(text, file) as Partial<RunReport> | null;
  if (typeof value !== 'object' || value?.schema !== 'runbook.report/v1') {
    throw notThePlan(file, 'it is not the report of a run');
  }
  const { outcome, approvedPlan, params } = value;
  if (outcome !== 'planned' || !approvedPlan || !params) {
    throw notThePlan(
      file,
      `it is the report of a run that ${outcome ?? 'says nothing'}, of no plan`,
    );
  }
  // The digest, compared next, holds for everything else that is read here.
  return value as Planned;
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notThePlan(file, error instanceof Error ? error.message : String(error));
  }
}

export function notThePlan(file: string, why: string): CommandError {
  return new CommandError('RB_PLAN_FILE', `${file} is not the plan of this start`, {
    why,
    fix: 'make the plan again: runbook start NAME --plan-out FILE',
    context: { changed: false },
  });
}
