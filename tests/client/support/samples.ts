import type { RunReport } from '../../../src/shared/report.ts';
import type { RunState, StepRecord } from '../../../src/shared/run-state.ts';

export const startedAt = '2026-11-24T12:00:00.000Z';
export const later = new Date('2026-11-24T12:01:05.000Z');

export function step(id: string, facts: Partial<StepRecord> = {}): StepRecord {
  return {
    id,
    title: `Do ${id}`,
    risk: 'reversible',
    status: 'done',
    undo: 'undo',
    startedAt,
    endedAt: '2026-11-24T12:00:02.500Z',
    tries: 1,
    lost: 0,
    attempt: 1,
    ...facts,
  };
}

/** A step that waits for a person. */
export const parkedStep = step('start-kafka', {
  status: 'parked',
  tries: 3,
  lost: 1,
  attempt: 4,
  error: {
    code: 'RB_UNHEALTHY',
    what: 'kafka1 did not become healthy within 120 s',
    why: 'it is not in the in-sync set of 3 partitions',
    fix: 'free disk space on the host, then decide retry',
  },
  outputTail: 'first line\n\u001b[31mNo space left on device\u001b[0m\n',
});

export function state(facts: Partial<RunState> = {}): RunState {
  return {
    schema: 'runbook.run/v1',
    run: 'deploy-lab-20261124-120000-1f3c',
    runbook: 'deploy',
    title: 'Deploy the platform',
    platform: 'lab',
    state: 'running',
    trigger: 'cli',
    by: 'ann@host',
    plan: false,
    onFailure: 'park',
    startedAt,
    steps: [step('environment', { result: '42 variables written' })],
    decisions: [],
    ...facts,
  };
}

export function report(facts: Partial<RunReport> = {}): RunReport {
  const { schema: _, state: __, ...rest } = state();
  return {
    ...rest,
    schema: 'runbook.report/v1',
    execution: 'execution-1',
    codeVersion: 'abc1234',
    params: {},
    outcome: 'succeeded',
    summary: 'Succeeded in 1 min 05 s: 1 step done.',
    changed: true,
    endedAt: later.toISOString(),
    findings: [],
    ...facts,
  };
}
