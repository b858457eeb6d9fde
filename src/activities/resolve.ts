import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { resolve as absolutePath, dirname, join } from 'node:path';
import { refuse } from '../shared/errors.ts';
import { lockWishes } from '../shared/lock-wishes.ts';
import type { Platform } from '../shared/platform-file.ts';
import { parseDefinitionFile } from '../shared/read-definition.ts';
import { parsePlatformFile } from '../shared/read-platform.ts';
import type { ResolvedRun, ResolveInput } from '../shared/resolved-run.ts';
import { checkRunRequest } from '../shared/run-input.ts';
import type { Risk } from '../shared/run-state.ts';
import type { StepContext } from '../shared/step-context.ts';
import { verdictAt, type WindowVerdict } from '../shared/windows.ts';
import { currentAttempt } from './attempt.ts';
import { writeFileAtomic } from './files.ts';
import { runDirectory } from './run-directory.ts';
import { serviceProblems } from './services/check-services.ts';

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
    const file = join(deps.definitionsDirectory, `${ctx.runbook}.yaml`);
    const definition = parseDefinitionFile(await readFile(file, 'utf8'), file);
    const platforms = await loadPlatforms(deps.platformFiles);
    const checked = checkRunRequest(request, {
      definition,
      platforms: [...platforms.keys()],
      defaultPlatform: deps.defaultPlatform ?? onlyName(platforms),
      scheduled,
    });
    const platform = platforms.get(checked.platform) as Platform;
    const digest = await pinPlatform(deps.stateDirectory, ctx, platform);
    const { options, meta } = checked;
    const window = windowFor(definition.risk, platform, now());
    const trigger = scheduled ? 'schedule' : (meta.trigger ?? 'ui');
    return {
      title: definition.title,
      risk: definition.risk,
      locks: lockWishes(platform.name, definition.risk),
      platform: platform.name,
      platformDigest: digest,
      notify: Object.entries(platform.notify).map(([name, { on }]) => ({ name, on })),
      params: checked.params,
      plan: options.plan ?? false,
      ...(options.planDigest === undefined ? {} : { planDigest: options.planDigest }),
      onFailure: options.onFailure ?? definition.onFailure,
      onCancel: definition.onCancel,
      by: meta.by ?? trigger,
      ...(meta.reason === undefined ? {} : { reason: meta.reason }),
      trigger,
      ...(window === undefined ? {} : { window }),
      ...(options.outsideWindow === undefined || trigger === 'schedule'
        ? {}
        : { outsideWindow: options.outsideWindow }),
      ...(options.from === undefined ? {} : { from: options.from }),
      ...(meta.retryOf === undefined ? {} : { retryOf: meta.retryOf }),
      codeVersion: deps.codeVersion,
      heartbeatTimeoutMs: deps.heartbeatTimeoutMs,
    };
  },

  /** Reads the clock and the platform as this run has pinned it, so a retry is safe. */
  async checkWindow(_: StepContext): Promise<WindowVerdict> {
    const { windows } = await currentAttempt().platform();
    return windows === undefined ? { open: true } : verdictAt(windows, now());
  },
});

/** A run that changes nothing may run whenever it wants to. */
function windowFor(risk: Risk, { windows }: Platform, at: Date): WindowVerdict | undefined {
  return risk === 'read' || windows === undefined ? undefined : verdictAt(windows, at);
}

async function loadPlatforms(files: readonly string[]): Promise<Map<string, Platform>> {
  const platforms = new Map<string, Platform>();
  for (const file of files) {
    const path = absolutePath(file);
    const platform = parsePlatformFile(await readPlatformText(path), path, serviceProblems);
    const earlier = platforms.get(platform.name);
    if (earlier) {
      throw refuse(
        'RB_PLATFORM_TWICE',
        `two platform files are named ${platform.name}`,
        `${earlier.directory} and ${dirname(path)} both describe it`,
        'give one of them another name',
      );
    }
    platforms.set(platform.name, { ...platform, directory: dirname(path) });
  }
  return platforms;
}

async function readPlatformText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw refuse(
      'RB_PLATFORM_UNREADABLE',
      `the platform file ${path} cannot be read`,
      error instanceof Error ? error.message : String(error),
      'start the worker with the right RUNBOOK_PLATFORMS',
    );
  }
}

function onlyName(platforms: ReadonlyMap<string, Platform>): string | undefined {
  return platforms.size === 1 ? [...platforms.keys()][0] : undefined;
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
