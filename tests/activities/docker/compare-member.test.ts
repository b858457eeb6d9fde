import { expect, test } from 'vitest';
import { compareMember, strongest } from '../../../src/activities/docker/compare-member.ts';
import type { ContainerFacts } from '../../../src/activities/docker/engine.ts';

const container = (changes: Partial<ContainerFacts> = {}): ContainerFacts => ({
  id: 'c1',
  name: 'mini-web-1',
  service: 'web',
  number: 1,
  oneOff: false,
  configHash: 'h1',
  imageId: 'i1',
  imageReference: 'web:1',
  state: 'running',
  exitCode: 0,
  restartsOnSuccess: false,
  restartCount: 0,
  stopGraceSeconds: 10,
  startedAt: '2026-01-01T00:00:00Z',
  dockerHealth: 'none',
  addresses: [],
  ...changes,
});

const ask = (
  containers: readonly ContainerFacts[],
  changes: Partial<Parameters<typeof compareMember>[0]> = {},
) => {
  const { comparison, reason } = compareMember({
    member: 'web',
    containers,
    replicas: { depends_on: {} },
    configHash: 'h1',
    imageId: 'i1',
    finishes: 'never',
    ...changes,
  });
  return [comparison.action, reason?.replace('web: ', '')];
};

const ended = container({ state: 'exited' });

test.for([
  ['as it should be', ask([container()]), ['unchanged', undefined]],
  ['absent', ask([]), ['create', 'no container']],
  [
    'another configuration',
    ask([container({ configHash: 'h0' })]),
    ['recreate', 'its configuration changed'],
  ],
  ['another image', ask([container({ imageId: 'i0' })]), ['recreate', 'its image changed']],
  [
    'an image to be built',
    ask([container()], { imageId: undefined }),
    ['recreate', 'its image will be another'],
  ],
  [
    'an image that somebody built by hand',
    ask([container()], { imageId: undefined, handBuiltId: 'i1' }),
    ['recreate', 'its image was built by hand: only a build tells whether it is the one wanted'],
  ],
  [
    'an image that somebody built by hand after the container was made',
    ask([container()], { imageId: undefined, handBuiltId: 'i2' }),
    ['recreate', 'its image will be another'],
  ],
  ['created only', ask([container({ state: 'created' })]), ['start', 'created']],
  ['ended', ask([ended]), ['start', 'ended (exit 0)']],
  ['a job that ended well', ask([ended], { finishes: 'always' }), ['unchanged', undefined]],
  [
    'a job that failed',
    ask([container({ state: 'exited', exitCode: 1 })], { finishes: 'always' }),
    ['start', 'ended (exit 1)'],
  ],
  [
    'an unknown job that ended',
    ask([ended], { finishes: 'unless-restarted' }),
    ['unchanged', undefined],
  ],
  [
    'an unknown daemon that ended',
    ask([container({ state: 'exited', restartsOnSuccess: true })], {
      finishes: 'unless-restarted',
    }),
    ['start', 'ended (exit 0)'],
  ],
  [
    'one of two replicas',
    ask([container()], { replicas: { depends_on: {}, scale: 2 } }),
    ['create', '1 of 2 containers'],
  ],
  ['none wanted', ask([], { replicas: { depends_on: {}, scale: 0 } }), ['unchanged', undefined]],
  [
    'a replacement that was interrupted',
    ask([container(), container({ id: 'c2', configHash: 'h0' })]),
    ['recreate', 'its configuration changed'],
  ],
] as const)('a member %s', ([, actual, expected]) => {
  expect(actual).toEqual(expected);
});

test("the strongest action of the members is the service's", () => {
  expect(strongest(['unchanged', 'create', 'recreate', 'start'])).toBe('recreate');
  expect(strongest([])).toBe('unchanged');
});
