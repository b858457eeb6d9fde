import type { RunRow, Trouble } from '../../../src/client/runs/api.ts';
import type { RunReport } from '../../../src/shared/report.ts';
import type { RunState, StepRecord } from '../../../src/shared/run-state.ts';
import * as sample from '../../report/sample-reports.ts';

export const startedAt = '2026-11-24T12:00:00.000Z';
export const later = new Date('2026-11-24T12:01:05.000Z');

const run = 'deploy-lab-20261124-120000-1f3c';

export function step(id: string, facts: Partial<StepRecord> = {}): StepRecord {
  return sample.step(id, { startedAt, endedAt: '2026-11-24T12:00:02.500Z', ...facts });
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

/** What a run and its report have in common. */
const deploy = () => ({
  run,
  runbook: 'deploy',
  title: 'Deploy the platform',
  by: 'ann@host',
  startedAt,
  steps: [step('environment', { result: '42 variables written' })],
});

export function state(facts: Partial<RunState> = {}): RunState {
  return sample.runState({ ...deploy(), ...facts });
}

export function report(facts: Partial<RunReport> = {}): RunReport {
  return sample.report({
    ...deploy(),
    execution: 'execution-1',
    codeVersion: 'abc1234',
    summary: 'Succeeded in 1 min 05 s: 1 step done.',
    endedAt: later.toISOString(),
    ...facts,
  });
}

export function row(facts: Partial<RunRow> = {}): RunRow {
  return {
    run,
    runbook: 'deploy',
    platform: 'lab',
    state: 'running',
    step: 'start-kafka',
    trigger: 'cli',
    plan: false,
    open: true,
    startedAt,
    ...facts,
  };
}

/** What a step waits for, as its heartbeat says. */
export const waiting = {
  for: 'kafka: starting, health check 3 of 30 failed: connection refused',
  since: '2026-11-24T12:00:53.000Z',
  timeoutMs: 120_000,
};

/** A run whose workflow code throws. */
export const failing: Trouble = {
  code: 'RB_WORKFLOW_TASK_FAILING',
  what: 'the run stands still: its workflow code fails',
  why: 'x is not a function, at deploy (deploy.ts:4:9)',
  fix: 'correct the worker and start it again',
  attempts: 4,
  since: startedAt,
};
