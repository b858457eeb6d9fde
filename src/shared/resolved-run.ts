import type { ApprovalRules } from './gate.ts';
import type { LockWish } from './lock.ts';
import type { NotificationEvent } from './notification.ts';
import type { OnFailure, ParkThen, RunRequest, StopMode, Trigger } from './run-request.ts';
import type { Risk } from './run-state.ts';
import type { WindowVerdict } from './windows.ts';

/** What `resolve` returns: the run as pinned in history. A later edit of a file never changes it. */
export interface ResolvedRun {
  readonly title: string;
  readonly risk: Risk;
  /** In the order in which they are taken: by key, so that no two runs wait for each other. */
  readonly locks: readonly LockWish[];
  readonly platform: string;
  /** SHA-256 of the platform as pinned in the run's folder. */
  readonly platformDigest: string;
  /** Whom the platform wants to be told, of what. */
  readonly notify: readonly {
    readonly name: string;
    readonly on: readonly NotificationEvent[];
  }[];
  readonly params: Readonly<Record<string, unknown>>;
  /** Which of them are no defaults; absent without windows, and in histories of earlier versions. */
  readonly given?: readonly string[];
  readonly plan: boolean;
  readonly planDigest?: string;
  readonly onFailure: OnFailure;
  /** How long a parked step waits; for ever when absent. */
  readonly park?: { readonly timeoutMs: number; readonly action: ParkThen };
  readonly onCancel: StopMode;
  readonly by: string;
  readonly reason?: string;
  readonly trigger: Trigger;
  /** Whether a change window is open; absent when none limits the run: it reads, or its platform has none. */
  readonly window?: WindowVerdict;
  /** Why it may run outside of them; never of a scheduled run, which nobody thought about today. */
  readonly outsideWindow?: string;
  /** What its platform demands of approvals; absent when its file says nothing of them. */
  readonly approvals?: ApprovalRules;
  /** The step at which it begins: every step before it must be in place. */
  readonly from?: string;
  /** The run that it does again. */
  readonly retryOf?: string;
  readonly codeVersion: string;
  /** How soon a silent activity counts as lost, in milliseconds. */
  readonly heartbeatTimeoutMs: number;
}

/** What the workflow knows before it has resolved anything. */
export interface ResolveInput {
  readonly request: RunRequest | unknown;
  readonly scheduled: boolean;
}
