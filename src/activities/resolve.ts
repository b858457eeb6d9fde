import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { approvalRules } from '../shared/approvals.ts';
import type { DefinitionFile } from '../shared/definition-file.ts';
import { errorFacts, RunbookError, refuse } from '../shared/errors.ts';
import type { ApprovalRules } from '../shared/gate.ts';
import { lockWishes } from '../shared/lock-wishes.ts';
import { didYouMean } from '../shared/nearest.ts';
import { namesOf, type Platform } from '../shared/platform-file.ts';
import { describeValue } from '../shared/problems.ts';
import { parseDefinitionFile } from '../shared/read-definition.ts';
import type { RequestAnswer, RequestCheck } from '../shared/request-check.ts';
import type { ResolvedRun, ResolveInput } from '../shared/resolved-run.ts';
import { checkRunRequest } from '../shared/run-input.ts';
import type { Risk } from '../shared/run-state.ts';
import type { StepContext } from '../shared/step-context.ts';
import { verdictAt, type WindowVerdict } from '../shared/windows.ts';
import { currentAttempt } from './attempt.ts';
import { writeFileAtomic } from './files.ts';
import { loadPlatforms, onlyName, refuseBroken, unreadFiles } from './load-platforms.ts';
import { runDirectory } from './run-directory.ts';
import { servicesNamedBy } from './services-named-by.ts';

export interface ResolveDependencies {
  readonly stateDirectory: string;
  /** The folder of the runbook definition files. */
  readonly definitionsDirectory: string;
  /** Paths of platform files, relative or absolute. */
  readonly platformFiles: readonly string[];
  readonly defaultPlatform: string | undefined;
  readonly codeVersion: string;
  readonly heartbeatTimeoutMs: number;
  /** The host's clock, for change windows; the tests' own. */
  readonly now?: () => Date;
}

export const createResolveActivities = ({
  now = () => new Date(),
  ...deps
}: ResolveDependencies) => ({
  /** Reads files and pins them in the run's folder; the first pin wins, so a retry is safe. */
  async resolve(ctx: StepContext, { request, scheduled }: ResolveInput): Promise<ResolvedRun> {
    const { definition, checked, platform, approvals } = await check(
      deps,
      ctx.runbook,
      request,
      scheduled,
    );
    const { options, meta } = checked;
    const digest = await pinPlatform(deps.stateDirectory, ctx, platform);
    const window = windowFor(definition.risk, platform, now());
    const trigger = scheduled ? 'schedule' : (meta.trigger ?? 'ui');
    return {
      title: definition.title,
      risk: definition.risk,
      locks: lockWishes(
        platform.name,
        definition.risk,
        servicesNamedBy(definition, checked.params, platform),
      ),
      platform: platform.name,
      platformDigest: digest,
      notify: Object.entries(platform.notify).map(([name, { on }]) => ({ name, on })),
      params: checked.params,
      plan: options.plan ?? false,
      ...(options.planDigest === undefined ? {} : { planDigest: options.planDigest }),
      onFailure: options.onFailure ?? definition.onFailure,
      ...(options.park === undefined ? {} : { park: options.park }),
      onCancel: definition.onCancel,
      by: meta.by ?? trigger,
      ...(meta.reason === undefined ? {} : { reason: meta.reason }),
      trigger,
      ...(window === undefined ? {} : { window, given: givenParams(definition, checked.params) }),
      ...(options.outsideWindow === undefined || trigger === 'schedule'
        ? {}
        : { outsideWindow: options.outsideWindow }),
      ...(approvals === undefined ? {} : { approvals }),
      ...(options.from === undefined ? {} : { from: options.from }),
      ...(meta.retryOf === undefined ? {} : { retryOf: meta.retryOf }),
      codeVersion: deps.codeVersion,
      heartbeatTimeoutMs: deps.heartbeatTimeoutMs,
    };
  },

  /** Reads only, so a retry is safe. A refusal is the answer: nobody has to look for it in a failure. */
  async checkRequest({ runbook, request }: RequestCheck): Promise<RequestAnswer> {
    try {
      await requireRunbook(deps.definitionsDirectory, runbook);
      const { platform } = await check(deps, runbook, request, false);
      return { platform: platform.name };
    } catch (error) {
      if (error instanceof RunbookError) return { refused: errorFacts(error) };
      throw error;
    }
  },

  /** Reads the clock and the platform as this run has pinned it, so a retry is safe. */
  async checkWindow(_: StepContext): Promise<WindowVerdict> {
    const { windows } = await currentAttempt().platform();
    return windows === undefined ? { open: true } : verdictAt(windows, now());
  },
});

export async function readDefinition(directory: string, runbook: string): Promise<DefinitionFile> {
  const file = join(directory, `${runbook}.yaml`);
  return parseDefinitionFile(await readFile(file, 'utf8'), file);
}

/** The request against the files as they are now. */
async function check(
  deps: ResolveDependencies,
  runbook: string,
  request: unknown,
  scheduled: boolean,
) {
  const definition = await readDefinition(deps.definitionsDirectory, runbook);
  const loaded = await loadPlatforms(
    deps.platformFiles,
    await runbookNames(deps.definitionsDirectory),
  );
  const { platforms } = loaded;
  const defaultPlatform = deps.defaultPlatform ?? onlyName(loaded);
  refuseBroken(loaded, platformOf(request) ?? defaultPlatform);
  const checked = checkRunRequest(request, {
    definition,
    platforms: [...platforms.keys()],
    defaultPlatform,
    unread: unreadFiles(loaded),
    namesOf: (name) => namesOf(platforms.get(name) as Platform),
    scheduled,
  });
  const platform = platforms.get(checked.platform) as Platform;
  const approvals = approvalRules(platform.approvals, definition);
  const isKnown = scheduled || Boolean(checked.meta.by?.trim());
  if (!checked.options.plan && !isKnown) refuseUnknownStarter(approvals, definition);
  return { definition, checked, platform, approvals };
}

/** The request has not been checked yet: it may be anything. */
const platformOf = (request: unknown): unknown =>
  typeof request === 'object' && request !== null && 'platform' in request
    ? request.platform
    : undefined;

/** The name comes from outside: only one that a file of the folder has becomes part of a path. */
async function requireRunbook(directory: string, runbook: string): Promise<void> {
  const names = await runbookNames(directory);
  if (names.includes(runbook)) return;
  throw refuse(
    'RB_RUNBOOK_UNKNOWN',
    `the worker has no runbook ${describeValue(runbook)}${didYouMean(runbook, names)}`,
    `its runbooks are: ${names.join(', ')}`,
    'start the worker in the version of this command: runbook version says which it is',
  );
}

/** A run that changes nothing may run whenever it wants to. */
function windowFor(risk: Risk, { windows }: Platform, at: Date): WindowVerdict | undefined {
  return risk === 'read' || windows === undefined ? undefined : verdictAt(windows, at);
}

/** Where the starter may not approve, a run that does not say who that is could be approved by anyone. */
function refuseUnknownStarter(rules: ApprovalRules | undefined, { risk }: DefinitionFile): void {
  const needsApproval = rules !== undefined && (rules.atStart || risk === 'irreversible');
  if (!needsApproval || rules.starterMayApprove) return;
  throw refuse(
    'RB_STARTER_UNKNOWN',
    'the run does not say who starts it',
    'it needs an approval, and on this platform the starter may not give it',
    'start it with a name: "meta": {"by": "YOUR NAME"}',
  );
}

export async function runbookNames(directory: string): Promise<string[]> {
  const files = await readdir(directory);
  return files.filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -5));
}

/** Compared as JSON: lists of the same names are the same. */
function givenParams(
  { params: definitions }: DefinitionFile,
  params: Readonly<Record<string, unknown>>,
): readonly string[] {
  return Object.keys(params).filter(
    (name) => JSON.stringify(params[name]) !== JSON.stringify(definitions[name]?.default),
  );
}

/** The first attempt's pin stands: a file edited between two attempts does not change the run. */
async function pinPlatform(
  stateDirectory: string,
  ctx: StepContext,
  platform: Platform,
): Promise<string> {
  const directory = runDirectory(stateDirectory, ctx.run, ctx.execution);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, 'platform.json');
  const text = JSON.stringify(platform, undefined, 2);
  const pinned = await readFile(path, 'utf8').catch(() => undefined);
  if (pinned === undefined) await writeFileAtomic(path, text, { mode: 0o600 });
  return createHash('sha256')
    .update(pinned ?? text)
    .digest('hex');
}
