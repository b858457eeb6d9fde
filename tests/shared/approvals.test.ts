import { expect, test } from 'vitest';
import { alwaysProblems } from '../../src/shared/approval-problems.ts';
import { approvalRules } from '../../src/shared/approvals.ts';
import { RunbookError } from '../../src/shared/errors.ts';
import { parsePlatformFile } from '../../src/shared/read-platform.ts';

const base = `schema: runbook.platform/v1
name: lab
compose: {project: lab}
services: {}
approvals:
`;
const runbooks = ['deploy', 'restore'];
const read = (lines: string) =>
  parsePlatformFile(base + lines, 'platform.yaml', (platform) =>
    alwaysProblems(platform, runbooks),
  );
const deploy = { name: 'deploy', risk: 'reversible' } as const;

function problemsOf(lines: string): string {
  try {
    read(lines);
  } catch (error) {
    expect(error).toBeInstanceOf(RunbookError);
    return (error as RunbookError).why ?? '';
  }
  throw new Error('the file was accepted');
}

test('a short section is the safe one', () => {
  expect(approvalRules(read('  required: 1\n').approvals, deploy)).toEqual({
    atStart: false,
    required: 1,
    starterMayApprove: false,
    expiresAfterMs: 8 * 3_600_000,
  });
});

test('a platform without the section demands nothing', () => {
  expect(approvalRules(undefined, deploy)).toBeUndefined();
});

test('takes groups apart and counts each person once', () => {
  const { approvals } = read(
    '  groups: {dba: [ann, bob]}\n  approvers: [dba, carl, ann]\n  required: 3\n',
  );
  expect(approvalRules(approvals, deploy)?.approvers).toEqual(['ann', 'bob', 'carl']);
});

test.each([
  ['{runbooks: [deploy]}', true],
  ['{risks: [reversible]}', true],
  ['{risks: [irreversible], runbooks: [restore]}', false],
])('always: %s covers a reversible deploy: %s', (always, covered) => {
  const rules = approvalRules(read(`  always: ${always}\n`).approvals, deploy);
  expect(rules?.atStart).toBe(covered);
});

test.each([
  [
    '  approvers: [ann, ann]\n  required: 2\n',
    'platform.yaml:7:13 approvals.required: expected at most 1, for so many are the approvers, got 2',
  ],
  [
    '  approvers: [ann]\n  groups: {dba: [bob]}\n',
    'platform.yaml:7:12 approvals.groups.dba: expected a group that approvers names, got "dba"',
  ],
  [
    '  always: {runbooks: [deplyo]}\n',
    'platform.yaml:6:23 approvals.always.runbooks[0]: expected one of "deploy", "restore" (did you mean "deploy"?), got "deplyo"',
  ],
  [
    '  expiresAfter: 9s\n',
    'platform.yaml:6:17 approvals.expiresAfter: expected an expiry from 10s to 720h, got "9s"',
  ],
  [
    '  expiresAfter: 721h\n',
    'platform.yaml:6:17 approvals.expiresAfter: expected an expiry from 10s to 720h, got "721h"',
  ],
  ['  required: 11\n', 'platform.yaml:6:13 approvals.required: expected at most 10, got 11'],
  [
    '  onExpiry: approve\n',
    'platform.yaml:6:13 approvals.onExpiry: expected one of "undo", "abort", got "approve"',
  ],
  [
    '  approvers: ["; rm"]\n',
    'platform.yaml:6:15 approvals.approvers[0]: expected a name such as "ann" or "ann@example.org", got "; rm"',
  ],
])('refuses %j with its place', (lines, problem) => {
  expect(problemsOf(lines)).toBe(problem);
});

test.each(['10s', '720h'])('an expiry of %s is accepted', (expiry) => {
  expect(read(`  expiresAfter: ${expiry}\n`).approvals?.expiresAfter).toBe(expiry);
});
