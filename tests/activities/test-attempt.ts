import { type Attempt, runAttempt } from '../../src/activities/attempt.ts';
import { type Platform, PlatformFileSchema } from '../../src/shared/platform-file.ts';
import type { StepContext } from '../../src/shared/step-context.ts';

export const testContext: StepContext = {
  run: 'run-1',
  execution: 'execution-1',
  runbook: 'deploy',
  platform: 'mini',
  step: 'start-web',
  phase: 'act',
  attempt: 1,
  locks: [],
};

export interface TestAttempt extends Attempt {
  readonly lines: readonly string[];
  readonly children: readonly number[];
  /** What it said that it waits for, in order; an empty text when it goes on. */
  readonly waits: readonly string[];
  /** How often the fence was asked. */
  fenceChecks(): number;
}

/** An attempt without a worker: what is logged and started can be looked at. */
export function testAttempt(
  overrides: Partial<Attempt> & { platformFile?: unknown } = {},
): TestAttempt {
  const lines: string[] = [];
  const children: number[] = [];
  const waits: string[] = [];
  let checks = 0;
  const { platformFile, ...rest } = overrides;
  return {
    ctx: testContext,
    signal: new AbortController().signal,
    runDirectory: '/nonexistent',
    log: (line) => lines.push(line),
    checkFence: async () => {
      checks += 1;
    },
    waitsFor: (waiting) => waits.push(waiting?.for ?? ''),
    trackChild: async (pid) => {
      children.push(pid);
    },
    platform: async () => testPlatform(platformFile),
    ...rest,
    lines,
    waits,
    children,
    fenceChecks: () => checks,
  };
}

/** A small platform of the kind `container`; a test replaces what it is about. */
export function testPlatform(file: unknown = {}, directory = '/nonexistent'): Platform {
  const minimal = {
    schema: 'runbook.platform/v1',
    name: 'mini',
    compose: { project: 'mini' },
    services: {},
  };
  return { ...PlatformFileSchema.parse({ ...minimal, ...(file as object) }), directory };
}

export { runAttempt };
