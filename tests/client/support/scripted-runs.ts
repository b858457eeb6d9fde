import type { RunEnd, RunFilter, RunRow, Runs, Trouble } from '../../../src/client/runs/api.ts';
import { noWorker } from '../../../src/client/runs/rpc.ts';
import type { Secrets } from '../../../src/client/runs/secrets.ts';
import type { Schedules } from '../../../src/client/schedules/api.ts';
import type { GateAction, GateOrder } from '../../../src/shared/gate.ts';
import type { LockBook, LockBreak } from '../../../src/shared/lock.ts';
import type { RunLog } from '../../../src/shared/run-log.ts';
import type { RunRequest } from '../../../src/shared/run-request.ts';
import type {
  Decision,
  HoldRequest,
  RunState,
  StopRequest,
} from '../../../src/shared/run-state.ts';
import type { SweepAnswer, SweepRequest } from '../../../src/shared/sweep.ts';
import { row } from './samples.ts';

interface Script {
  /** What successive looks at the run see; an error is thrown, a trouble is what the server says. */
  readonly states?: readonly (RunState | Error | Trouble)[];
  readonly end?: RunEnd;
  /** What the steps under way wait for. */
  readonly waits?: RunRow['waits'];
  readonly rows?: readonly RunRow[];
  readonly runbook?: string;
  readonly worker?: 'absent';
  readonly locks?: readonly LockBook[];
  /** What the worker would say of a request; without it, that it may begin on its platform or on the lab. */
  readonly refusal?: Error;
  readonly log?: RunLog;
  /** What the run was started with. */
  readonly request?: RunRequest;
  readonly sweep?: SweepAnswer;
  readonly secrets?: Secrets;
}

/** Runs on a server that answers from a script, and remembers what it was asked to do. */
export class ScriptedRuns implements Runs {
  /** Tests of schedules ask a real server. */
  readonly schedules = {} as Schedules;
  readonly secrets: Secrets;
  readonly address = 'test:7233';
  readonly namespace = 'default';
  readonly started: { runbook: string; run: string; request: RunRequest }[] = [];
  readonly decided: Decision[] = [];
  readonly stopped: StopRequest[] = [];
  readonly held: (HoldRequest & { order: 'hold' | 'release' })[] = [];
  readonly answered: (GateOrder & { action: GateAction })[] = [];
  readonly broken: (LockBreak & { key: string })[] = [];
  readonly swept: (SweepRequest & { run: string })[] = [];
  private readonly script: Script;
  private looks = 0;

  constructor(script: Script) {
    this.script = script;
    this.secrets = script.secrets ?? ({} as Secrets);
  }

  async requireWorker(): Promise<void> {
    if (this.script.worker === 'absent') throw noWorker();
  }

  async check(_: string, { platform = 'lab' }: RunRequest): Promise<{ platform: string }> {
    if (this.script.refusal !== undefined) throw this.script.refusal;
    return { platform };
  }

  async start(runbook: string, run: string, request: RunRequest): Promise<void> {
    this.started.push({ runbook, run, request });
  }

  async request(): Promise<RunRequest | undefined> {
    return this.script.request;
  }

  async sweep(run: string, request: SweepRequest): Promise<SweepAnswer> {
    this.swept.push({ run, ...request });
    return this.script.sweep ?? 'revived';
  }

  async find(run: string): Promise<RunRow> {
    const { states = [], rows = [], runbook = 'deploy', waits = [] } = this.script;
    const listed = rows.find((candidate) => candidate.run === run);
    if (listed !== undefined) return listed;
    const seen = states[this.looks];
    const found = row({ run, runbook, open: this.looks < states.length, waits });
    if (!isTrouble(seen)) return found;
    this.looks++;
    return { ...found, trouble: seen };
  }

  async state(): Promise<RunState> {
    const seen = this.script.states?.[this.looks++];
    if (seen === undefined || seen instanceof Error || isTrouble(seen)) {
      throw seen instanceof Error ? seen : new Error('no state');
    }
    return seen;
  }

  async end(): Promise<RunEnd> {
    if (this.script.end === undefined) throw new Error('the script has no end');
    return this.script.end;
  }

  async list(_?: RunFilter): Promise<readonly RunRow[]> {
    return this.script.rows ?? [];
  }

  async decide(_: string, decision: Decision): Promise<string> {
    this.decided.push(decision);
    return `${decision.action} ${decision.step}`;
  }

  async stop(_: string, request: StopRequest): Promise<void> {
    this.stopped.push(request);
  }

  async hold(_: string, request: HoldRequest): Promise<void> {
    this.held.push({ order: 'hold', ...request });
  }

  async release(_: string, request: HoldRequest): Promise<void> {
    this.held.push({ order: 'release', ...request });
  }

  async answerGate(_: string, action: GateAction, order: GateOrder): Promise<void> {
    this.answered.push({ action, ...order });
  }

  async locks(): Promise<readonly LockBook[]> {
    return this.script.locks ?? [];
  }

  async breakLock(key: string, request: LockBreak): Promise<void> {
    this.broken.push({ key, ...request });
  }

  async log(): Promise<RunLog> {
    return this.script.log ?? { entries: [], truncated: false };
  }

  async close(): Promise<void> {}
}

function isTrouble(seen: RunState | Error | Trouble | undefined): seen is Trouble {
  return seen !== undefined && 'attempts' in seen;
}
