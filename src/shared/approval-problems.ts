import { approversOf } from './approvals.ts';
import type { PlatformFile } from './platform-file.ts';
import { describeValue, oneOf, type Problem } from './problems.ts';

/** Approvals that nobody could give, and groups that no one asks. */
export function approvalProblems({ approvals }: PlatformFile): readonly Problem[] {
  if (approvals === undefined) return [];
  const { approvers = [], groups, required } = approvals;
  const people = approversOf(approvals);
  return [
    ...Object.keys(groups)
      .filter((group) => !approvers.includes(group))
      .map((group): Problem => {
        const text = `expected a group that approvers names, got ${describeValue(group)}`;
        return { path: ['approvals', 'groups', group], at: 'key', text };
      }),
    ...(people !== undefined && people.length < required
      ? [
          {
            path: ['approvals', 'required'],
            at: 'value' as const,
            text: `expected at most ${people.length}, for so many are the approvers, got ${required}`,
          },
        ]
      : []),
  ];
}

/** A runbook that is misspelt there would run without the approval that it was to need. */
export function alwaysProblems(
  { approvals }: PlatformFile,
  runbooks: readonly string[],
): readonly Problem[] {
  return (approvals?.always.runbooks ?? []).flatMap((name, index): readonly Problem[] => {
    if (runbooks.includes(name)) return [];
    const text = `expected ${oneOf(runbooks, name)}, got ${describeValue(name)}`;
    return [{ path: ['approvals', 'always', 'runbooks', index], at: 'value', text }];
  });
}
