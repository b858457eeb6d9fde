import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RunbookError } from '../../src/shared/errors.ts';
import { limits } from '../../src/shared/limits.ts';
import { parseDefinitionFile } from '../../src/shared/read-definition.ts';
import { checkRunRequest, type RequestContext } from '../../src/shared/run-input.ts';
import { exampleRequest } from '../../src/shared/run-request.ts';

const text = `schema: runbook.definition/v1
name: drill
title: t
description: d
risk: reversible
onFailure: undo
params:
  member: {type: string, description: d, pattern: "pg[0-9]"}
  rounds: {type: integer, description: d, min: 1, max: 9, default: 3}
  wait: {type: duration, description: d, default: 30s}
  force: {type: boolean, description: d, default: false}
`;
const definition = parseDefinitionFile(text, 'drill.yaml');
const { park } = parseDefinitionFile(`${text}park: {timeout: 2h, then: abort}\n`, 'drill.yaml');

const context: RequestContext = { definition, platforms: ['lab', 'mini'], defaultPlatform: 'lab' };
const member = { member: 'pg1' };

function problemsOf(input: unknown, overrides: Partial<RequestContext> = {}): string[] {
  try {
    checkRunRequest(input, { ...context, ...overrides });
  } catch (error) {
    expect(error).toBeInstanceOf(RunbookError);
    expect(error).toMatchObject({ code: 'RB_INPUT_INVALID', retry: 'never' });
    expect((error as RunbookError).fix).toContain(exampleRequest);
    return (error as RunbookError).why?.split('\n') ?? [];
  }
  throw new Error('the input was accepted');
}

test('fills in platform, parameters, options and trigger', () => {
  expect(checkRunRequest({ params: member }, context)).toEqual({
    platform: 'lab',
    params: { member: 'pg1', rounds: 3, wait: '30s', force: false },
    options: { plan: false, onFailure: 'undo' },
    meta: { trigger: 'ui' },
  });
});

test('takes no input at all as an empty object', () => {
  const free = { ...definition, params: {} };
  expect(checkRunRequest(undefined, { ...context, definition: free }).platform).toBe('lab');
  expect(problemsOf(undefined)).toEqual(problemsOf({}));
});

test('keeps what was given', () => {
  const request = {
    platform: 'mini',
    params: { ...member, rounds: 9, force: true },
    options: {
      plan: true,
      planDigest: 'a'.repeat(64),
      onFailure: 'abort',
      outsideWindow: 'the disk is full',
    },
    meta: { by: 'ana', reason: 'r', ticket: 't', trigger: 'cli' },
  };
  expect(checkRunRequest(request, context)).toEqual({
    ...request,
    params: { member: 'pg1', rounds: 9, wait: '30s', force: true },
  });
});

test.each([
  [[], 'a list'],
  [null, 'null'],
  ['x', '"x"'],
  [5, '5'],
])('refuses %j, which is not an object', (input, given) => {
  expect(problemsOf(input)).toEqual([`(top): expected an object, got ${given}`]);
});

test('a scheduled run whose runbook would park undoes, unless it says otherwise', () => {
  const parks = { ...context, definition: { ...definition, onFailure: 'park' } as const };
  const onFailure = (input: object, scheduled: boolean) =>
    checkRunRequest({ params: member, ...input }, { ...parks, scheduled }).options.onFailure;
  expect(onFailure({}, false)).toBe('park');
  expect(onFailure({}, true)).toBe('undo');
  expect(onFailure({ options: { onFailure: 'abort' } }, true)).toBe('abort');
});

test('a park may end: as the request says, as the runbook says, and then as a stop would', () => {
  const runbook = { ...definition, onFailure: 'park' } as const;
  const parkOf = (options: object, changes: object = {}, scheduled = false) =>
    checkRunRequest(
      { params: member, options },
      { ...context, definition: { ...runbook, ...changes }, scheduled },
    ).options.park;
  expect(parkOf({})).toBeUndefined();
  expect(parkOf({ parkTimeout: '4h' })).toEqual({ timeoutMs: 14_400_000, action: 'undo' });
  expect(parkOf({ parkTimeout: '4h' }, { onCancel: 'here' })?.action).toBe('abort');
  expect(parkOf({}, { park })).toEqual({ timeoutMs: 7_200_000, action: 'abort' });
  expect(parkOf({ parkTimeout: '1s' }, { park })).toEqual({ timeoutMs: 1000, action: 'abort' });
  expect(parkOf({ onFailure: 'undo' }, { park })).toBeUndefined();
});

test('a scheduled run parks for a time only', () => {
  const parks = { ...definition, onFailure: 'park' } as const;
  const scheduled = (options: object, changes: object = {}) =>
    checkRunRequest(
      { params: member, options },
      { ...context, definition: { ...parks, ...changes }, scheduled: true },
    ).options;
  expect(scheduled({}, { park })).toMatchObject({ onFailure: 'park', park: { action: 'abort' } });
  expect(scheduled({ parkTimeout: '4h' })).toMatchObject({ onFailure: 'park' });
  expect(() => scheduled({ onFailure: 'park' })).toThrow(
    expect.objectContaining({ why: expect.stringContaining('for a scheduled run that parks') }),
  );
});

test.each([
  [
    { parkTimeout: '500ms', onFailure: 'park' },
    'options.parkTimeout: expected a time-out from 1s to 720h',
  ],
  [
    { parkTimeout: '721h', onFailure: 'park' },
    'options.parkTimeout: expected a time-out from 1s to 720h',
  ],
  [{ parkTimeout: 'soon', onFailure: 'park' }, 'options.parkTimeout: expected a duration such as'],
  [
    { parkTimeout: '4h', onFailure: 'abort' },
    'options.parkTimeout: expected none unless onFailure is "park" (it is "abort"), got "4h"',
  ],
])('refuses %j', (options, problem) => {
  const [first] = problemsOf({ params: member, options });
  expect(first).toContain(problem);
});

describe('a parameter that names services', () => {
  const params = { services: { type: 'services', description: 'Which ones.' } } as const;
  const about = {
    ...context,
    definition: { ...definition, params },
    namesOf: (platform: string) => ({
      services: platform === 'lab' ? ['db', 'web'] : ['other'],
      secrets: [],
    }),
  };
  const given = (services?: unknown, platform = 'lab') =>
    problemsOf({ platform, params: { services } }, about);

  test('takes those of the platform', () => {
    expect(
      checkRunRequest({ platform: 'lab', params: { services: ['web', 'db'] } }, about).params,
    ).toEqual({ services: ['web', 'db'] });
  });

  test.each([
    [undefined, 'expected a list of 1 to 256 services such as ["web", "db"], got nothing'],
    [[], 'expected a list of 1 to 256 services such as ["web", "db"], got a list'],
    ['web', 'expected a list of 1 to 256 services such as ["web", "db"], got "web"'],
    [['web', 'wep'], 'expected one of "db", "web" (did you mean "web"?), got "wep"'],
    [['web', 5], 'expected one of "db", "web", got 5'],
    [['web', 'web'], 'expected each of the services once, got "web" again'],
  ])('refuses %j', (services, problem) => {
    expect(given(services)).toEqual([`params.services: ${problem}`]);
  });

  test('of a platform that nobody knows says only that', () => {
    expect(given(['web'], 'labb')).toHaveLength(1);
  });
});

test('a parameter that excludes another is refused beside it, and only where both say something', () => {
  const description = 'd';
  const params = {
    secrets: { type: 'secrets', description, default: [] as string[] },
    all: { type: 'boolean', description, default: false, excludes: 'secrets' },
  } as const;
  const about = { ...context, definition: { ...definition, params } };
  const given = (values: object) => problemsOf({ params: values }, about);
  expect(given({ all: true, secrets: ['db'] })).toEqual([
    'params.all: expected false beside a list of secrets, got true',
  ]);
  for (const fits of [{ all: true }, { all: true, secrets: [] }, { all: false, secrets: ['db'] }]) {
    expect(checkRunRequest({ params: fits }, about).params).toMatchObject(fits);
  }
});

test('lists every problem at once', () => {
  const input = {
    platfrom: 'lab',
    params: { member: 'other', rounds: '5', roundz: 1 },
    options: { onFailure: 'parc' },
  };
  expect(problemsOf(input)).toEqual([
    'options.onFailure: expected one of "park", "undo", "abort" (did you mean "park"?), got "parc"',
    'platfrom: expected a known key (did you mean "platform"?), got "platfrom"',
    'params.roundz: expected a known parameter (did you mean "rounds"?), got "roundz"',
    'params.member: expected text like /pg[0-9]/, got "other"',
    'params.rounds: expected a whole number from 1 to 9, got "5"',
  ]);
});

test('names a parameter that has no default and was not given', () => {
  expect(problemsOf({})).toEqual(['params.member: expected text, got nothing']);
});

test('accepts a number at its limits and refuses one past them', () => {
  const rounds = (count: number) => ({ params: { ...member, rounds: count } });
  expect(checkRunRequest(rounds(1), context).params.rounds).toBe(1);
  expect(checkRunRequest(rounds(9), context).params.rounds).toBe(9);
  expect(problemsOf(rounds(0))).toHaveLength(1);
  expect(problemsOf(rounds(10))).toHaveLength(1);
  expect(problemsOf(rounds(1.5))).toHaveLength(1);
});

test('lets a pattern stand for the whole text', () => {
  expect(problemsOf({ params: { member: 'xpg1x' } })).toHaveLength(1);
});

test('names the platform that was meant', () => {
  expect(problemsOf({ platform: 'labb', params: member })).toEqual([
    'platform: expected one of "lab", "mini" (did you mean "lab"?), got "labb"',
  ]);
});

test('asks for a platform when the worker has no default', () => {
  expect(problemsOf({ params: member }, { defaultPlatform: undefined })).toEqual([
    'platform: expected one of "lab", "mini", got nothing',
  ]);
  expect(
    problemsOf({ params: member }, { defaultPlatform: undefined, platforms: [] })[0],
  ).toContain('knows none');
});

describe('keys that reach an object’s prototype', () => {
  test.each(['__proto__', 'constructor', 'prototype'])('%s is refused at any depth', (key) => {
    const nested = (inner: string) => JSON.parse(inner) as unknown;
    expect(problemsOf(nested(`{"${key}": {}}`))).toEqual([
      `${key}: expected another key, got "${key}"`,
    ]);
    expect(problemsOf(nested(`{"params": {"x": [{"${key}": 1}]}}`))[0]).toContain(`got "${key}"`);
  });
});

test('accepts an input of the size limit and refuses one byte more', () => {
  const sized = (bytes: number) => {
    const empty = JSON.stringify({ params: { ...member, fill: '' } }).length;
    return { params: { ...member, fill: 'x'.repeat(bytes - empty) } };
  };
  expect(problemsOf(sized(limits.inputBytes))[0]).toContain('expected a known parameter');
  expect(problemsOf(sized(limits.inputBytes + 1))).toEqual([
    `(top): expected at most ${limits.inputBytes} bytes of JSON, got ${limits.inputBytes + 1}`,
  ]);
});

test('stands an input that is nested as deeply as it can be, or in itself', () => {
  const deep = JSON.parse(`{"params": ${'['.repeat(5000)}${']'.repeat(5000)}}`) as unknown;
  expect(problemsOf(deep)).not.toEqual([]);
  const circle: Record<string, unknown> = {};
  circle.params = circle;
  expect(problemsOf(circle)[0]).toContain('that JSON can carry');
});

test('either refuses with its own error or returns a complete request, whatever is given', () => {
  const request = fc.record(
    { platform: fc.anything(), params: fc.anything(), options: fc.anything(), meta: fc.anything() },
    { requiredKeys: [] },
  );
  const params = fc.record(
    { member: fc.constant('pg1'), rounds: fc.anything(), wait: fc.string(), force: fc.boolean() },
    { requiredKeys: ['member'] },
  );
  const input = fc.oneof(fc.jsonValue(), fc.anything(), request, fc.record({ params }));
  fc.assert(
    fc.property(input, (value) => {
      try {
        const filled = checkRunRequest(value, context);
        expect(context.platforms).toContain(filled.platform);
        expect(Object.keys(filled.params)).toEqual(['member', 'rounds', 'wait', 'force']);
      } catch (error) {
        expect(error).toMatchObject({ code: 'RB_INPUT_INVALID' });
      }
    }),
    { numRuns: 1000 },
  );
});

test('a reason to run outside the change windows is more than blanks', () => {
  expect(problemsOf({ params: member, options: { outsideWindow: '      ' } })).toEqual([
    'options.outsideWindow: expected at least 3 characters, got ""',
  ]);
});
