import type { Plan } from './report.ts';
import type { Risk } from './run-state.ts';

/** What a run's platform demands of an approval, pinned when the run starts. */
export interface ApprovalRules {
  /** The run needs one before it begins, whatever started it. */
  readonly atStart: boolean;
  /** People; anybody when absent. */
  readonly approvers?: readonly string[];
  readonly required: number;
  readonly starterMayApprove: boolean;
  readonly expiresAfterMs: number;
  /** Without it as the run's `onFailure` says. */
  readonly onExpiry?: 'undo' | 'abort';
}

/** Where the platform file says nothing: any one person, before an act that cannot be undone. */
export const anyoneMayApprove: ApprovalRules = {
  atStart: false,
  required: 1,
  starterMayApprove: true,
  expiresAfterMs: 8 * 3_600_000,
};

export const gateActions = ['approve', 'reject'] as const;
export type GateAction = (typeof gateActions)[number];

/** The id of the gate before a run's first step; every other gate has the id of its step. */
export const startGate = 'start';

/** The argument of the updates `approve` and `reject`. */
export interface GateOrder {
  readonly gate: string;
  /** Of the plan that was read. */
  readonly digest: string;
  readonly by: string;
  readonly why: string;
}

/** What somebody said to a gate. The name is a claim; the identity is what the server got from the client. */
export interface GateAnswer {
  readonly at: string;
  readonly action: GateAction;
  readonly by: string;
  readonly why: string;
  readonly digest: string;
  /** The id of the update in the workflow's history; absent of a start with a plan. */
  readonly update?: string;
  /** Empty when the client gave none; absent when it could not be read. */
  identity?: string;
  /** The plan has changed since, so it counts no more. */
  void?: true;
}

export type GateStatus = 'open' | 'approved' | 'rejected' | 'expired' | 'stopped';

/** A place where a run waits, or waited, for approval. Times are ISO 8601. */
export interface GateRecord {
  readonly id: string;
  /** What is approved. */
  readonly title: string;
  readonly risk: Risk;
  status: GateStatus;
  /** What its digest is, an approval is for. */
  plan: Plan;
  readonly required: number;
  readonly approvers?: readonly string[];
  readonly starterMayApprove: boolean;
  openedAt: string;
  expiresAt: string;
  closedAt?: string;
  /** How often it was opened: again each time that the plan was another after the last approval. */
  openings: number;
  answers: GateAnswer[];
}

export const openGates = (gates: readonly GateRecord[] | undefined): readonly GateRecord[] =>
  (gates ?? []).filter(({ status }) => status === 'open');

export const validApprovals = ({ answers }: Pick<GateRecord, 'answers'>): readonly GateAnswer[] =>
  answers.filter((answer) => answer.action === 'approve' && !answer.void);

const nameOf = (person: string) => person.trim().toLowerCase();
const withoutHost = (person: string) => nameOf(person).split('@')[0] ?? '';

/** Names differ by more than a host or a domain: `ann@laptop` must not be the second of `ann@desk`. */
export const samePerson = (a: string, b: string): boolean => withoutHost(a) === withoutHost(b);

/** An approver who is named with a host or a domain is only that one, `ann` is Ann wherever she sits. */
export function isApprover({ approvers }: Pick<ApprovalRules, 'approvers'>, by: string): boolean {
  if (approvers === undefined) return true;
  return approvers.some((name) =>
    name.includes('@') ? nameOf(name) === nameOf(by) : nameOf(name) === withoutHost(by),
  );
}

/** Why an answer does not count, in words for whoever gave it; undefined when it does. */
export function answerProblem(
  gates: readonly GateRecord[],
  starter: string,
  action: GateAction,
  { gate: id, digest, by }: GateOrder,
): string | undefined {
  const gate = gates.find((candidate) => candidate.id === id);
  const open = openGates(gates)
    .map((candidate) => candidate.id)
    .join(', ');
  if (gate === undefined) return `there is no gate ${id} (open: ${open || 'none'})`;
  if (gate.status !== 'open') return `the gate ${id} is closed: it was ${gate.status}`;
  if (digest !== gate.plan.digest) {
    return `stale: the plan at gate ${id} has the digest ${gate.plan.digest}, not ${digest}`;
  }
  if (!isApprover(gate, by)) {
    return `${by} is not one of the approvers: ${gate.approvers?.join(', ')}`;
  }
  if (action === 'reject') return undefined;
  if (!gate.starterMayApprove && samePerson(by, starter)) {
    return `${by} has started the run: somebody else has to approve it`;
  }
  const earlier = validApprovals(gate).find((answer) => samePerson(answer.by, by));
  return earlier === undefined ? undefined : `${earlier.by} has approved already`;
}
