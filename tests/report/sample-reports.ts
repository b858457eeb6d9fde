import type { GateRecord } from '../../src/shared/gate.ts';
import type { RunReport } from '../../src/shared/report.ts';
import type { RunState, StepRecord } from '../../src/shared/run-state.ts';

const t0 = Date.parse('2026-11-23T14:03:07.000Z');

/** The time so many milliseconds after the start of every sample. */
export const at = (ms: number) => new Date(t0 + ms).toISOString();

export function step(id: string, fields: Partial<StepRecord> = {}): StepRecord {
  return {
    id,
    title: `Do ${id}`,
    risk: 'reversible',
    status: 'done',
    undo: 'undo',
    startedAt: at(0),
    endedAt: at(1000),
    tries: fields.error === undefined ? 0 : 1,
    lost: 0,
    attempt: 1,
    ...fields,
  };
}

export function runState(fields: Partial<RunState> = {}): RunState {
  return {
    schema: 'runbook.run/v1',
    run: 'deploy-stack-lab-20261123-140307',
    runbook: 'deploy-stack',
    title: 'Deploy the stack',
    platform: 'lab',
    state: 'running',
    trigger: 'cli',
    by: 'ann@ops-1',
    plan: false,
    onFailure: 'park',
    startedAt: at(0),
    locks: [],
    steps: [],
    decisions: [],
    ...fields,
  };
}

export function report(fields: Partial<RunReport> = {}): RunReport {
  const { schema: _, state: __, ...facts } = runState();
  return {
    ...facts,
    schema: 'runbook.report/v1',
    execution: '0199a3c2-7b1e-7c55-9d0a-5b7f3b1f6a10',
    endedAt: at(12_300),
    codeVersion: '0.0.1+3f2a9c1',
    params: {},
    outcome: 'succeeded',
    summary: 'Succeeded in 12.3 s: 3 steps done.',
    changed: true,
    findings: [],
    ...fields,
  };
}

/** A gate before the start that waits for one approval by anybody. */
export function gate(fields: Partial<GateRecord> = {}): GateRecord {
  return {
    id: 'start',
    title: 'Deploy the platform',
    risk: 'reversible',
    status: 'open',
    plan: {
      digest: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      changes: 1,
      lines: [
        { step: 'config', title: 'Validate', now: '3 services', undo: 'none' },
        {
          ...{ step: 'start-web', title: 'Start web', undo: 'undo' },
          ...{ now: 'an older image', change: 'recreate web' },
        },
      ],
    },
    required: 1,
    starterMayApprove: true,
    openedAt: at(0),
    expiresAt: at(8 * 3_600_000),
    openings: 1,
    answers: [],
    ...fields,
  };
}
