import type { RunEnd, RunRow, Runs } from '../../../src/client/runs/api.ts';
import type { RunRequest } from '../../../src/shared/run-request.ts';
import type { Decision, RunState, StopRequest } from '../../../src/shared/run-state.ts';

interface Script {
  /** What successive looks at the run see; an error is thrown. */
  readonly states?: readonly (RunState | Error)[];
  readonly end?: RunEnd;
  readonly rows?: readonly RunRow[];
}

/** Runs on a server that answers from a script, and remembers what it was asked to do. */
export class ScriptedRuns implements Runs {
  readonly address = 'test:7233';
  readonly namespace = 'default';
  readonly started: { runbook: string; run: string; request: RunRequest }[] = [];
  readonly decided: Decision[] = [];
  readonly stopped: StopRequest[] = [];
  private readonly script: Script;
  private looks = 0;

  constructor(script: Script) {
    this.script = script;
  }

  async requireWorker(): Promise<void> {}

  async start(runbook: string, run: string, request: RunRequest): Promise<void> {
    this.started.push({ runbook, run, request });
  }

  async isOpen(): Promise<boolean> {
    return this.looks < (this.script.states?.length ?? 0);
  }

  async state(): Promise<RunState> {
    const seen = this.script.states?.[this.looks++];
    if (seen === undefined || seen instanceof Error) throw seen ?? new Error('no state');
    return seen;
  }

  async end(): Promise<RunEnd> {
    if (this.script.end === undefined) throw new Error('the script has no end');
    return this.script.end;
  }

  async list(): Promise<readonly RunRow[]> {
    return this.script.rows ?? [];
  }

  async decide(_: string, decision: Decision): Promise<void> {
    this.decided.push(decision);
  }

  async stop(_: string, request: StopRequest): Promise<void> {
    this.stopped.push(request);
  }

  async log() {
    return { entries: [], truncated: false };
  }

  async close(): Promise<void> {}
}
