import { type ApprovalRules, type GateRecord, openGates, validApprovals } from '../shared/gate.ts';
import type { RunState } from '../shared/run-state.ts';
import { count } from './text.ts';
import type { Words } from './words.ts';

type Need = Pick<ApprovalRules, 'required' | 'approvers' | 'starterMayApprove'>;

/** `2 approvals by ann, bob or carl, not by whoever started it` */
export function needWords({ required, approvers, starterMayApprove }: Need): string {
  const by = approvers === undefined ? 'by anybody' : `by ${either(approvers)}`;
  const starter = starterMayApprove ? '' : ', not by whoever started it';
  return `${count(required, 'approval')} ${by}${starter}`;
}

const shownNames = 8;

function either(names: readonly string[]): string {
  const shown = names.slice(0, shownNames);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} or ${rest} others`;
  return [shown.slice(0, -1).join(', '), shown.at(-1)].filter(Boolean).join(' or ');
}

/** `1 of 2 approvals given` */
export const givenWords = (gate: GateRecord): string =>
  `${validApprovals(gate).length} of ${count(gate.required, 'approval')} given`;

/** What a plan says in advance of the run that follows it. */
export function announcement({ approvals }: Pick<RunState, 'approvals'>): string | undefined {
  return approvals && `Before it begins the run needs ${needWords(approvals)}`;
}

export const firstOpenGate = ({ gates }: Pick<RunState, 'gates'>): GateRecord | undefined =>
  openGates(gates)[0];

export const gateWords: Readonly<Record<GateRecord['status'], Words>> = {
  open: { sign: '‖', word: 'waiting', tone: 'warn' },
  approved: { sign: '✓', word: 'approved', tone: 'good' },
  rejected: { sign: '✗', word: 'rejected', tone: 'bad' },
  expired: { sign: '✗', word: 'expired', tone: 'bad' },
  stopped: { sign: '■', word: 'stopped', tone: 'warn' },
};

/** Who stands behind a claimed name, as far as the server was told. */
export function identityWords(identity: string | undefined): string {
  if (identity === undefined) return 'not read';
  return identity === '' ? 'the client gave none' : identity;
}
