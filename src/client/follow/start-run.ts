import { announcement } from '../../report/gate-words.ts';
import { setFlags } from '../../report/set-flags.ts';
import { windowWords } from '../../report/window-words.ts';
import type { DefinitionFile } from '../../shared/definition-file.ts';
import { exitCodes } from '../../shared/exit-codes.ts';
import { outsideWindow } from '../../shared/outside-window.ts';
import type { Plan, RunReport } from '../../shared/report.ts';
import type { RunRequest } from '../../shared/run-request.ts';
import type { StartOptions } from '../commands/start.ts';
import { CommandError } from '../errors.ts';
import { requireDefinition } from '../local/definitions.ts';
import { folderPlatform } from '../local/folder-platform.ts';
import { writePlanFile } from '../local/plan-file.ts';
import { buildRequest, withOptions } from '../local/request.ts';
import { planLines } from '../render/plan.ts';
import type { Style } from '../render/style.ts';
import { shellWord, wrap } from '../render/text.ts';
import { newRunId } from '../runs/run-id.ts';
import { type ExitCode, note, respond, type Session } from '../session.ts';
import { type Approval, approvalFor, notConfirmed } from './approval.ts';
import { follow } from './follow.ts';
import { checked, type Launch, type LaunchRequest, launch } from './launch.ts';
import { tellEnd } from './tell-end.ts';

interface Wanted extends Omit<Launch, 'runs'> {
  readonly definition: DefinitionFile;
  readonly request: RunRequest;
}

interface Start extends Launch {
  readonly definition: DefinitionFile;
  readonly request: LaunchRequest;
}

export async function startRun(options: StartOptions, session: Session): Promise<ExitCode> {
  const definition = await requireDefinition(options.runbook);
  const request = await buildRequest(definition, await withPlatform(options, session), session);
  return startRequest({ definition, request, options, session });
}

/** Plan, show, ask, start, watch; as far as the options want it. */
export async function startRequest({
  definition,
  request: asked,
  options,
  session,
}: Wanted): Promise<ExitCode> {
  const runs = await session.connect();
  // First what is wrong: nobody confirms what would be refused.
  const request = await checked(runs, options.runbook, asked);
  const { platform = request.platform } = options;
  const approval = options.plan
    ? 'not-needed'
    : approvalFor(definition, { ...options, platform }, session);
  const start = { definition, request, options, runs, session };
  if (options.plan) return showPlan(start);
  if (approval === 'ask' || approval === 'bind-plan') return startPlanned(start, approval);
  return launch(start, request);
}

/**
 * Whoever confirms a platform by name means that platform; without any, the one that is configured, else that of the
 * folder, as every command means it that reads its files. Only then the worker has its own.
 */
async function withPlatform(options: StartOptions, { env, cwd }: Session): Promise<StartOptions> {
  const named = options.platform ?? options.confirm ?? (env.RUNBOOK_PLATFORM || undefined);
  return { ...options, platform: named ?? (await folderPlatform(cwd)) };
}

async function showPlan(start: Start): Promise<ExitCode> {
  const planned = await makePlan(start);
  if ('left' in planned) return planned.left;
  const { session, options } = start;
  const { report, plan } = planned;
  if (options.planOut !== undefined) await writePlanFile(options.planOut, report, session);
  respond(session, report, (width, style) => [
    ...planLines(plan, width, style),
    ...forewarnings(report, width, style),
  ]);
  if (options.planOut !== undefined) {
    note(session, [
      '',
      `runbook start ${report.runbook} --plan-file ${shellWord(options.planOut)}`,
    ]);
  }
  return options.exitCode && plan.changes > 0 ? exitCodes.changes : exitCodes.done;
}

async function startPlanned(start: Start, approval: Approval): Promise<ExitCode> {
  const planned = await makePlan(start);
  if ('left' in planned) return planned.left;
  const { session, definition, request, options } = start;
  const { report, plan } = planned;
  const { stderr } = session.terminal;
  const [width, style] = [stderr.width(), stderr.style];
  note(session, ['', ...planLines(plan, width, style), ...forewarnings(report, width, style), '']);
  if (plan.changes === 0 && approval === 'ask') {
    note(session, ['Nothing was started; --yes starts it all the same.']);
    return exitCodes.done;
  }
  if (report.outsideWindow && options.outsideWindow === undefined)
    throw windowClosed(report, request);
  if (approval === 'ask') {
    const { askApproval } = await import('./ask.ts');
    const question = { risk: definition.risk, runbook: definition.name, platform: report.platform };
    if (!(await askApproval(question, session))) throw notConfirmed();
    note(session, ['']);
  }
  return launch(start, withOptions(request, { planDigest: plan.digest }));
}

/** What will keep the run from beginning at once. */
function forewarnings(report: RunReport, width: number, style: Style): string[] {
  const { outsideWindow: closed } = report;
  const told = [closed && windowWords(closed), announcement(report)];
  return told.flatMap((words) => (words ? wrap(words, width).map(style.caution) : []));
}

type Planned = { readonly report: RunReport; readonly plan: Plan } | { readonly left: ExitCode };

async function makePlan({ request, options, runs, session }: Start): Promise<Planned> {
  const { runbook } = options;
  const run = newRunId(runbook, request.platform, session.clock.now());
  await runs.start(runbook, run, withOptions(request, { plan: true }));
  const ended = await follow(runs, run, session, {
    exitOnPark: true,
    timeoutMs: options.timeoutMs,
  });
  if ('left' in ended) return ended;
  const { report } = ended;
  if (report === undefined || report.outcome !== 'planned') {
    return { left: await tellEnd(runs, run, ended, session) };
  }
  if (report.approvedPlan === undefined) throw noPlan(run);
  return { report, plan: report.approvedPlan };
}

/** The run would be refused: nobody is asked for what cannot be. */
function windowClosed(
  { runbook, platform, outsideWindow: next }: RunReport,
  { params }: RunRequest,
): CommandError {
  const flags = setFlags(params);
  const { code, message, why, fix } = outsideWindow({ runbook, platform, flags, ...next });
  return new CommandError(code, message, {
    why: why ?? '',
    fix: fix ?? '',
    context: { changed: false },
  });
}

function noPlan(run: string): CommandError {
  return new CommandError('RB_NO_PLAN', 'the run ended without a plan', {
    why: 'its report holds none: the worker may be of another version',
    fix: 'compare the versions: runbook version here and in the log of the worker',
    context: { run, changed: false },
  });
}
