import type { Approvals } from './approvals-schema.ts';
import type { DefinitionFile } from './definition-file.ts';
import { durationMs } from './duration-ms.ts';
import type { ApprovalRules } from './gate.ts';

/** Who may approve, as people: groups are taken apart, each person stands there once. Undefined: anybody. */
export function approversOf({ approvers, groups }: Approvals): readonly string[] | undefined {
  if (approvers === undefined) return undefined;
  const people = (name: string) => (Object.hasOwn(groups, name) ? (groups[name] ?? []) : [name]);
  return [...new Set(approvers.flatMap(people))];
}

/** What a platform demands of the runs of one runbook; undefined where its file says nothing of approvals. */
export function approvalRules(
  approvals: Approvals | undefined,
  { name, risk }: Pick<DefinitionFile, 'name' | 'risk'>,
): ApprovalRules | undefined {
  if (approvals === undefined) return undefined;
  const { always, required, starterMayApprove, expiresAfter, onExpiry } = approvals;
  const approvers = approversOf(approvals);
  return {
    atStart: always.runbooks.includes(name) || always.risks.some((listed) => listed === risk),
    ...(approvers === undefined ? {} : { approvers }),
    required,
    starterMayApprove,
    expiresAfterMs: durationMs(expiresAfter),
    ...(onExpiry === undefined ? {} : { onExpiry }),
  };
}
