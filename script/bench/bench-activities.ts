import { createLockActivities, type WorkflowClientApi } from '../../src/activities/locks.ts';
import { createReportActivities } from '../../src/activities/reports.ts';
import { RunbookError } from '../../src/shared/errors.ts';
import { lockWishes } from '../../src/shared/lock-wishes.ts';
import type { ResolvedRun, ResolveInput } from '../../src/shared/resolved-run.ts';
import type { RunRequest } from '../../src/shared/run-request.ts';
import type { ProbeVerdict } from '../../src/shared/run-state.ts';
import type { StepContext } from '../../src/shared/step-context.ts';

/** Verbs that do nothing: what is left is what the engine costs. Called with no more than a step's context. */
export interface BenchActivities {
  benchProbe(): Promise<ProbeVerdict>;
  benchAct(): Promise<void>;
  benchVerify(): Promise<void>;
  benchFailure(): Promise<void>;
  bareActivity(): Promise<number>;
}

const nowMs = () => performance.timeOrigin + performance.now();

/** Locks and reports are the real ones; `resolve` reads no file, and notes when it began. */
export function createBenchActivities(client: WorkflowClientApi) {
  const own: BenchActivities = {
    benchProbe: async () => ({ state: 'absent', now: 'not there', change: 'make it' }),
    benchAct: async () => {},
    benchVerify: async () => {},
    benchFailure: async () => {
      throw new RunbookError('BENCH_HOPELESS', 'it cannot work', { retry: 'never' });
    },
    bareActivity: async () => nowMs(),
  };
  const resolve = async (_: StepContext, { request }: ResolveInput): Promise<ResolvedRun> => {
    const { platform = 'bench', params } = request as RunRequest;
    return {
      title: 'Bench',
      risk: 'reversible',
      locks: lockWishes(platform, 'reversible', undefined),
      platform,
      platformDigest: '',
      notify: [],
      params: { ...params, resolvedMs: nowMs() },
      plan: false,
      onFailure: 'park',
      onCancel: 'undo',
      by: 'bench',
      trigger: 'cli',
      codeVersion: 'bench',
      heartbeatTimeoutMs: 8000,
    };
  };
  return { ...createLockActivities(client), ...createReportActivities(), ...own, resolve };
}
