import { shellWord } from '../../report/markdown-text.ts';
import { count } from '../../report/text.ts';
import { formatDuration } from '../../report/time.ts';
import type { ErrorFacts } from '../../shared/errors.ts';
import {
  type ApprovalRules,
  type GateRecord,
  startGate,
  validApprovals,
} from '../../shared/gate.ts';
import type { OnFailure } from '../../shared/run-request.ts';
import { StepFailed } from './failures.ts';

/** Word of a gate that has opened. */
export function gateNews(run: string, { id, title, required, openings }: GateRecord) {
  const again = openings === 1 ? '' : 'again, for the plan is another now: ';
  const order = `${shellWord(run)} ${shellWord(id)} --why TEXT`;
  return {
    state: 'waiting-for-approval',
    summary: `${again}"${title}" needs ${count(required, 'approval')}`,
    ...(id === startGate ? {} : { step: id }),
    commands: [
      `runbook status ${shellWord(run)}`,
      `runbook approve ${order}`,
      `runbook reject ${order}`,
    ],
  };
}

/** What ends the run. Nobody is waited for any more: what would park is undone. */
export function notApproved(
  gate: GateRecord,
  onFailure: OnFailure,
  { onExpiry, expiresAfterMs }: ApprovalRules,
): StepFailed {
  const otherwise = onFailure === 'abort' ? 'abort' : 'undo';
  return gate.status === 'rejected'
    ? new StepFailed(gate.id, rejected(gate), otherwise)
    : new StepFailed(gate.id, expired(gate, expiresAfterMs), onExpiry ?? otherwise);
}

function rejected({ title, answers }: GateRecord): ErrorFacts {
  const last = answers.findLast(({ action }) => action === 'reject');
  return {
    code: 'RB_REJECTED',
    what: `"${title}" was rejected by ${last?.by}: ${last?.why}`,
    why: 'one rejection is enough',
    fix: 'settle it with them, then start the runbook again',
  };
}

function expired(gate: GateRecord, expiresAfterMs: number): ErrorFacts {
  return {
    code: 'RB_APPROVAL_EXPIRED',
    what: `"${gate.title}" was not approved within ${formatDuration(expiresAfterMs)}`,
    why: `it got ${validApprovals(gate).length} of ${count(gate.required, 'approval')}`,
    fix: 'start the runbook again when somebody is there to approve it, or see `approvals` in the platform file',
  };
}

/** Something changes the platform all the time: an approval would never hold. */
export function planKeepsChanging({ id, title, openings }: GateRecord): StepFailed {
  return new StepFailed(
    id,
    {
      code: 'RB_PLAN_DRIFT',
      what: `the plan of "${title}" was another after each of ${openings} approvals`,
      why: 'what was approved was never what would have been done',
      fix: 'find out what else changes the platform, then start the runbook again',
    },
    'undo',
  );
}
