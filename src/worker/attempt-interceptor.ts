import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '@temporalio/activity';
import type {
  ActivityExecuteInput,
  ActivityInboundCallsInterceptor,
  Next,
} from '@temporalio/worker';
import { type Attempt, runAttempt } from '../activities/attempt.ts';
import { logFileName } from '../activities/logs.ts';
import { runDirectory, stepFileName } from '../activities/run-directory.ts';
import { RunbookError } from '../shared/errors.ts';
import type { Platform } from '../shared/platform-file.ts';
import type { StepContext } from '../shared/step-context.ts';
import { AttemptLog, type Redact } from './attempt-log.ts';
import { Beats } from './beats.ts';
import { toFailure } from './failure.ts';
import { StepFence } from './fence.ts';
import { LockFence } from './lock-fence.ts';
import { refuseSwept } from './swept.ts';
import { writeInFolder } from './volatile-file.ts';

export interface AttemptEnvironment {
  readonly stateDirectory: string;
  /** Makes the redactor for a platform's present secrets. */
  readonly redactor: (platform: Platform) => Promise<Redact>;
}

/** Three beats fit into the heartbeat timeout; more than one every two seconds tells nobody anything. */
const beatMs = (timeoutMs: number | undefined) => Math.min(2000, (timeoutMs ?? 8000) / 4);

/** The attempts under way in this process, for all steps. */
const localAttempts = new Map();

/**
 * Makes an attempt of each activity call that carries a step's context: fence in, heartbeats while it runs,
 * output kept, errors turned into failures with code, facts and last output.
 */
export class AttemptInterceptor implements ActivityInboundCallsInterceptor {
  private readonly context: Context;
  private readonly environment: AttemptEnvironment;

  constructor(context: Context, environment: AttemptEnvironment) {
    this.context = context;
    this.environment = environment;
  }

  async execute(
    input: ActivityExecuteInput,
    next: Next<ActivityInboundCallsInterceptor, 'execute'>,
  ): Promise<unknown> {
    const [ctx] = input.args;
    if (!isStepContext(ctx)) return this.withoutRun(() => next(input));
    return this.attempt(ctx, () => next(input));
  }

  /** What serves no run has no secrets of a platform to hide; a known error keeps its facts all the same. */
  private async withoutRun(work: () => Promise<unknown>): Promise<unknown> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RunbookError)) throw error;
      const state = {
        superseded: false,
        context: this.context,
        step: this.context.info.activityType,
      };
      throw toFailure(error, state, '', (text) => text);
    }
  }

  private async attempt(ctx: StepContext, work: () => Promise<unknown>): Promise<unknown> {
    const { stateDirectory, redactor } = this.environment;
    const directory = runDirectory(stateDirectory, ctx.run, ctx.execution);
    const scheduledMs = this.context.info.currentAttemptScheduledTimestampMs;

    const platform = async () =>
      JSON.parse(await readFile(join(directory, 'platform.json'), 'utf8')) as Platform;
    const redact = async (): Promise<Redact> => {
      const known = await platform().catch(() => undefined);
      return known ? redactor(known) : (text) => text;
    };
    const logFile = logFileName(ctx.step, ctx.attempt, ctx.phase, scheduledMs);
    const log = new AttemptLog(join(directory, 'logs', logFile), redact);

    const superseded = new AbortController();
    const stepFence = new StepFence(
      join(directory, 'fence', stepFileName(ctx.step)),
      localAttempts,
    );
    const lockFence = new LockFence(stateDirectory, ctx.platform);
    const beats = new Beats(ctx.step, {
      send: (beat) => this.context.heartbeat(beat),
      lastWords: () => log.lastWords(),
      redact,
    });
    const beating = setInterval(() => {
      beats.send();
      log.flush().catch(() => undefined);
    }, beatMs(this.context.info.heartbeatTimeoutMs));
    try {
      const claim = await stepFence.enter(scheduledMs, () => superseded.abort('superseded'));
      try {
        await refuseSwept(directory, ctx);
        const mutates = ctx.phase === 'act' || ctx.phase === 'undo';
        if (mutates) await lockFence.check(ctx.locks);
        if (ctx.phase === 'act') markActed(directory, ctx.step);
        const attempt: Attempt = {
          ctx,
          signal: AbortSignal.any([this.context.cancellationSignal, superseded.signal]),
          log: (line) => log.add(line),
          waitsFor: (waiting) => beats.waitFor(waiting),
          checkFence: async () => {
            attempt.signal.throwIfAborted();
            await claim.check();
            await lockFence.check(ctx.locks);
          },
          trackChild: (pid) => claim.trackChild(pid),
          runDirectory: directory,
          platform,
        };
        const output = await runAttempt(attempt, work);
        return ctx.phase === 'probe' ? await withActed(directory, ctx.step, output) : output;
      } finally {
        claim.leave();
      }
    } catch (error) {
      await log.flush().catch(() => undefined);
      const state = {
        superseded: superseded.signal.aborted,
        context: this.context,
        step: ctx.step,
      };
      throw toFailure(error, state, log.lastWords(), await redact().catch(() => withhold));
    } finally {
      clearInterval(beating);
      beats.end();
      await log.flush().catch(() => undefined);
    }
  }
}

/** Without the secrets nobody can say whether a text holds one. */
const withhold: Redact = () => '(withheld: the secrets of the platform cannot be read)';

function isStepContext(value: unknown): value is StepContext {
  return typeof value === 'object' && value !== null && 'execution' in value && 'phase' in value;
}

const actedFile = (directory: string, step: string) => join(directory, 'acted', stepFileName(step));

/** Written before the act: a later probe of this run can tell its own effect from somebody else's. */
const markActed = (directory: string, step: string): void =>
  writeInFolder(actedFile(directory, step), '');

async function withActed(directory: string, step: string, output: unknown): Promise<unknown> {
  if (typeof output !== 'object' || output === null || !('state' in output)) return output;
  const acted = await readFile(actedFile(directory, step)).then(
    () => true,
    () => false,
  );
  return { ...output, acted };
}
