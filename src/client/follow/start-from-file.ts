import type { StartOptions } from '../commands/start.ts';
import { requireDefinition } from '../local/definitions.ts';
import { notThePlan, type PlannedReport, readPlanFile } from '../local/plan-file.ts';
import { buildRequest, withOptions } from '../local/request.ts';
import { planLines } from '../render/plan.ts';
import { type ExitCode, note, type Session } from '../session.ts';
import { approvalFor, notConfirmed } from './approval.ts';
import { checked, launch } from './launch.ts';

/** Starts exactly what a plan file holds; the run refuses it when the platform has moved since. */
export async function startFromFile(
  file: string,
  given: StartOptions,
  session: Session,
): Promise<ExitCode> {
  const plan = await readPlanFile(file, session.cwd);
  const { runbook, platform, params, approvedPlan } = plan;
  requireSame(file, 'the runbook', given.runbook || runbook, runbook);
  requireSame(file, 'the platform', given.platform ?? platform, platform);
  const definition = await requireDefinition(runbook);
  const asked = await buildRequest(definition, { ...given, ...inherited(plan, given) }, session);
  for (const [name, value] of Object.entries(asked.params ?? {})) {
    requireSame(file, `the parameter ${name}`, value, params[name]);
  }
  const options = { ...given, runbook, platform };
  const runs = await session.connect();
  const request = await checked(runs, runbook, {
    ...asked,
    params,
    meta: { ...asked.meta, ...(plan.retryOf === undefined ? {} : { retryOf: plan.retryOf }) },
  });
  const approval = approvalFor(definition, options, session);
  const { stderr } = session.terminal;
  note(session, ['', ...planLines(approvedPlan, stderr.width(), stderr.style), '']);
  if (approval === 'ask') {
    const { askApproval } = await import('./ask.ts');
    const question = { risk: definition.risk, runbook, platform };
    if (!(await askApproval(question, session))) throw notConfirmed();
  }
  const bound = withOptions(request, {
    planDigest: approvedPlan.digest,
    ...(plan.from === undefined ? {} : { from: plan.from }),
  });
  return launch({ options, runs, session }, bound);
}

/** How a failure is met and why it is run are no part of the plan: they may be said anew. */
function inherited(
  { platform, onFailure, reason }: PlannedReport,
  given: StartOptions,
): Pick<StartOptions, 'platform' | 'onFailure' | 'reason'> {
  return {
    platform,
    onFailure: given.onFailure ?? onFailure,
    reason: given.reason ?? reason,
  };
}

function requireSame(file: string, what: string, given: unknown, planned: unknown): void {
  const [asked, has] = [JSON.stringify(given), JSON.stringify(planned)];
  if (asked !== has)
    throw notThePlan(file, `${what} of the plan is ${has ?? 'not set'}, not ${asked}`);
}
