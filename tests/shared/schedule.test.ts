import { expect, test } from 'vitest';
import { parseDefinitionFile } from '../../src/shared/read-definition.ts';
import { parsePlatformFile } from '../../src/shared/read-platform.ts';
import { scheduleProblems } from '../../src/shared/schedule-problems.ts';

const definition = parseDefinitionFile(
  `schema: runbook.definition/v1
name: deploy
title: Deploy
description: x
risk: reversible
params: { force: { type: boolean, description: x, default: false } }
`,
  'deploy.yaml',
);

function read(schedule: string) {
  const text = `schema: runbook.platform/v1
name: lab
compose: { project: lab }
services: { db: { kind: postgres } }
schedules:
  nightly: ${schedule}
`;
  return parsePlatformFile(text, 'platform.yaml', (platform) =>
    scheduleProblems(platform, [definition]),
  );
}

test('what a schedule does not say has a default that blocks and surprises nobody', () => {
  expect(read('{ runbook: deploy, cron: 0 3 * * 1-5 }').schedules.nightly).toEqual({
    runbook: 'deploy',
    cron: '0 3 * * 1-5',
    timezone: 'UTC',
    overlap: 'skip',
    catchUp: '10m',
    jitter: '0s',
    pauseOnFailure: false,
    params: {},
  });
});

test('a schedule that parks for a time is taken', () => {
  const schedule = '{ runbook: deploy, cron: 0 3 * * *, onFailure: park, parkTimeout: 4h }';
  expect(read(schedule).schedules.nightly).toMatchObject({ onFailure: 'park', parkTimeout: '4h' });
});

test.each([
  ['{ runbook: deploi, cron: 0 3 * * * }', '6:23 schedules.nightly.runbook: expected "deploy"'],
  ['{ runbook: deploy, cron: 0 3 * * }', 'expected a day of the week 0-7 as field 5'],
  ['{ runbook: deploy, cron: 0 33 1 * * }', 'expected an hour 0-23 as field 2'],
  ['{ runbook: deploy, cron: 0 3 * * fri-mon }', 'expected a day of the week 0-7 as field 5'],
  ['{ runbook: deploy, cron: 0 3 * foo * }', 'expected a month 1-12 as field 4'],
  ['{ runbook: deploy, cron: "*/0 3 * * *" }', 'expected a minute 0-59 as field 1'],
  ['{ runbook: deploy, cron: "0 3 * * * *" }', 'expected 5 fields'],
  ['{ runbook: deploy, cron: "@daily" }', 'expected a minute 0-59 as field 1'],
  ['{ runbook: deploy, cron: 0 3 * * *, timezone: Berlin }', 'expected a time zone such as'],
  ['{ runbook: deploy, cron: 0 3 * * *, catchUp: 1s }', 'expected a catch-up from 10s to 24h'],
  ['{ runbook: deploy, cron: 0 3 * * *, jitter: 2h }', 'expected a jitter of at most 1h'],
  ['{ runbook: deploy, cron: 0 3 * * *, onFailure: park }', 'beside onFailure "park"'],
  ['{ runbook: deploy, cron: 0 3 * * *, parkTimeout: 1ms }', 'expected a time-out from 1s to 720h'],
  [
    '{ runbook: deploy, cron: 0 3 * * *, onFailure: undo, parkTimeout: 4h }',
    'expected none unless onFailure is "park"',
  ],
  ['{ runbook: deploy, cron: 0 3 * * *, params: { forse: true } }', 'did you mean "force"?'],
  ['{ runbook: deploy, cron: 0 3 * * *, overlapp: skip }', 'did you mean "overlap"?'],
])('%s is refused with its place', (schedule, words) => {
  expect(() => read(schedule)).toThrow(
    expect.objectContaining({ code: 'RB_FILE_INVALID', why: expect.stringContaining(words) }),
  );
});

test.each(['*/15 0,12 1-31/2 jan-DEC mon-fri', '59 23 31 12 7', '0-30/10 * * * sun'])(
  'takes the cron line %s',
  (cron) => {
    expect(read(`{ runbook: deploy, cron: "${cron}" }`).schedules.nightly?.cron).toBe(cron);
  },
);
