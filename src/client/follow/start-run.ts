import { windowWords } from '../../report/window-words.ts';
import type { DefinitionFile } from '../../shared/definition-file.ts';
import { exitCodes } from '../../shared/exit-codes.ts';
import { outsideWindow } from '../../shared/outside-window.ts';
import type { Plan, RunReport } from '../../shared/report.ts';
import type { RunRequest } from '../../shared/run-request.ts';
import type { StartOptions } from '../commands/start.ts';
import { CommandError } from '../errors.ts';
import { requireDefinition } from '../local/definitions.ts';
import { buildRequest, withOptions } from '../local/request.ts';
import { planLines } from '../render/plan.ts';
import type { Style } from '../render/style.ts';
import { shellWord, wrap } from '../render/text.ts';
import type { Runs } from '../runs/api.ts';
import { newRunId } from '../runs/run-id.ts';
import { type ExitCode, note, respond, type Session } from '../session.ts';
import { type Approval, approvalFor, notConfirmed } from './approval.ts';
import { follow } from './follow.ts';
import { tellEnd } from './tell-end.ts';

interface Start {
  readonly definition: DefinitionFile;
  readonly request: RunRequest;
  readonly options: StartOptions;
  readonly runs: Runs;
  readonly session: Session;
}

export async function startRun(options: StartOptions, session: Session): Promise<ExitCode> {
  const definition = await requireDefinition(options.runbook);
  const request = await buildRequest(definition, withConfirmed(options), session);
  return startRequest({ definition, request, options, session });
}

/** Plan, show, ask, start, watch; as far as the options want it. */
export async function startRequest({
  definition,
  request,
  options,
  session,
}: Omit<Start, 'runs'>): Promise<ExitCode> {
  const approval = options.plan ? 'not-needed' : approvalFor(definition, options, session);
  const runs = await session.connect();
  await runs.requireWorker();
  const start = { definition, request, options, runs, session };
  if (options.plan) return showPlan(start);
  if (approval === 'ask' || approval === 'bind-plan') return startPlanned(start, approval);
  return startAndWatch(start, request);
}

/** Whoever confirms a platform by name means that platform, not the worker's default. */
function withConfirmed(options: StartOptions): StartOptions {
  return { ...options, platform: options.platform ?? options.confirm };
}

async function showPlan(start: Start): Promise<ExitCode> {
  const planned = await makePlan(start);
  if ('left' in planned) return planned.left;
  const { session, options } = start;
  const { report, plan } = planned;
  respond(session, report, (width, style) => [
    ...planLines(plan, width, style),
    ...windowLines(report, width, style),
  ]);
  return options.exitCode && plan.changes > 0 ? exitCodes.changes : exitCodes.done;
}

async function startPlanned(start: Start, approval: Approval): Promise<ExitCode> {
  const planned = await makePlan(start);
  if ('left' in planned) return planned.left;
  const { session, definition, request, options } = start;
  const { report, plan } = planned;
  const { stderr } = session.terminal;
  const [width, style] = [stderr.width(), stderr.style];
  note(session, ['', ...planLines(plan, width, style), ...windowLines(report, width, style), '']);
  if (plan.changes === 0 && approval === 'ask') {
    note(session, ['Nothing was started; --yes starts it all the same.']);
    return exitCodes.done;
  }
  if (report.outsideWindow && options.outsideWindow === undefined) throw windowClosed(report);
  if (approval === 'ask') {
    const { askApproval } = await import('./ask.ts');
    const question = { risk: definition.risk, runbook: definition.name, platform: report.platform };
    if (!(await askApproval(question, session))) throw notConfirmed();
    note(session, ['']);
  }
  // The platform is named as well: the worker's default may have changed since the plan.
  const approved = withOptions(
    { ...request, platform: report.platform },
    { planDigest: plan.digest },
  );
  return startAndWatch(start, approved);
}

function windowLines({ outsideWindow: closed }: RunReport, width: number, style: Style): string[] {
  return closed ? wrap(windowWords(closed), width).map(style.caution) : [];
}

type Planned = { readonly report: RunReport; readonly plan: Plan } | { readonly left: ExitCode };

async function makePlan({ request, options, runs, session }: Start): Promise<Planned> {
  const run = newRunId(options.runbook, request.platform, session.clock.now());
  await runs.start(options.runbook, run, withOptions(request, { plan: true }));
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
function windowClosed({ runbook, platform, outsideWindow: next }: RunReport): CommandError {
  const { code, message, why, fix } = outsideWindow({ runbook, platform, ...next });
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

async function startAndWatch(start: Start, request: RunRequest): Promise<ExitCode> {
  const { options, runs, session } = start;
  const run = options.id ?? newRunId(options.runbook, request.platform, session.clock.now());
  await runs.start(options.runbook, run, request);
  if (options.detach) return tellStarted(run, options, session);
  const exitOnPark = !session.terminal.stderr.isTTY;
  const ended = await follow(runs, run, session, { exitOnPark, timeoutMs: options.timeoutMs });
  return 'left' in ended ? ended.left : tellEnd(runs, run, ended, session);
}

function tellStarted(run: string, { runbook }: StartOptions, session: Session): ExitCode {
  respond(session, { run, runbook }, () => [run]);
  note(session, [`runbook watch ${shellWord(run)}`]);
  return exitCodes.done;
}
