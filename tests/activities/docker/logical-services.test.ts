import { describe, expect, test } from 'vitest';
import { parseComposeConfig } from '../../../src/activities/docker/compose-model.ts';
import { logicalServices } from '../../../src/activities/docker/logical-services.ts';
import { testPlatform } from '../test-attempt.ts';

const config = (services: Record<string, readonly string[]>) =>
  parseComposeConfig(
    JSON.stringify({
      name: 'mini',
      services: Object.fromEntries(
        Object.entries(services).map(([name, needs]) => [
          name,
          {
            image: `${name}:1`,
            depends_on: Object.fromEntries(needs.map((n) => [n, { condition: 'service_started' }])),
          },
        ]),
      ),
    }),
  );

const platform = (services: unknown) => testPlatform({ services });

test('members become one service, and what they wait for becomes its dependency', () => {
  const services = logicalServices(
    platform({
      store: { kind: 'etcd', members: ['etcd1', 'etcd2'] },
      postgres: { kind: 'patroni', members: ['pg1', 'pg2'] },
    }),
    config({ etcd1: [], etcd2: ['etcd1'], pg1: ['etcd1', 'etcd2'], pg2: ['pg1'] }),
  );
  expect(services).toMatchObject([
    { name: 'store', members: ['etcd1', 'etcd2'], dependsOn: [], described: true },
    { name: 'postgres', kind: 'patroni', dependsOn: ['store'] },
  ]);
});

test('a compose service that belongs to none becomes one of its own', () => {
  const services = logicalServices(
    platform({ db: { kind: 'postgres' } }),
    config({ db: [], tool: ['db'] }),
  );
  expect(services[1]).toMatchObject({
    name: 'tool',
    kind: 'container',
    described: false,
    dependsOn: ['db'],
    healthTimeoutMs: 120_000,
  });
});

test('a compose service that others wait for to end is a job', () => {
  const jobs = parseComposeConfig(
    JSON.stringify({
      name: 'mini',
      services: {
        init: { image: 'x' },
        web: { image: 'x', depends_on: { init: { condition: 'service_completed_successfully' } } },
      },
    }),
  );
  expect(logicalServices(platform({}), jobs)).toMatchObject([
    { name: 'init', kind: 'one-shot' },
    { name: 'web', kind: 'container' },
  ]);
});

describe('refused, with what to do:', () => {
  const refusal = (services: unknown, compose: Record<string, readonly string[]>) => {
    try {
      logicalServices(platform(services), config(compose));
    } catch (error) {
      return error;
    }
    return undefined;
  };

  test('a member that Compose does not have', () => {
    expect(
      refusal({ db: { kind: 'patroni', members: ['pg11'] } }, { pg1: [], pg2: [] }),
    ).toMatchObject({
      code: 'RB_UNKNOWN_MEMBER',
      retry: 'never',
      message: expect.stringContaining('did you mean "pg1"?'),
    });
  });

  test('a member of two services', () => {
    const services = { a: { kind: 'http', members: ['x'] }, b: { kind: 'http', members: ['x'] } };
    expect(refusal(services, { x: [] })).toMatchObject({ code: 'RB_MEMBER_TWICE' });
  });

  test('a compose service whose name another service has', () => {
    const services = { web: { kind: 'http', members: ['web1'] } };
    expect(refusal(services, { web1: [], web: [] })).toMatchObject({ code: 'RB_MEMBER_UNCLAIMED' });
  });

  test('services that wait for each other', () => {
    const services = { a: { kind: 'http', members: ['a1', 'a2'] }, b: { kind: 'http' } };
    expect(refusal(services, { a1: ['b'], a2: [], b: ['a2'] })).toMatchObject({
      code: 'RB_DEPENDENCY_CYCLE',
      why: 'a -> b -> a',
    });
  });
});
