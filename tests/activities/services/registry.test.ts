import { describe, expect, test } from 'vitest';
import { kindOf, kinds } from '../../../src/activities/services/registry.ts';
import { curl, running, serviceDouble, urlOf } from './service-double.ts';

test('every kind is listed once and can tell its health', () => {
  const names = kinds.map(({ kind }) => kind);
  expect(new Set(names).size).toBe(names.length);
  expect(kinds.filter(({ health }) => health === undefined)).toEqual([]);
});

test('an unknown kind is refused with the nearest one', () => {
  expect(() => kindOf('db', 'postgress')).toThrow(
    expect.objectContaining({
      code: 'RB_UNKNOWN_KIND',
      retry: 'never',
      message: expect.stringContaining('did you mean "postgres"?'),
    }),
  );
});

describe('without settings', () => {
  test.for([
    ['keycloak', 'http://127.0.0.1:9000/health/ready'],
    ['nessie', 'http://127.0.0.1:9000/q/health/ready'],
    ['minio', 'http://127.0.0.1:9000/minio/health/cluster'],
  ] as const)('%s is asked at %s', async ([kind, url]) => {
    const service = serviceDouble([running(kind)], () => curl(200));
    expect(await kindOf(kind, kind).health?.check(service)).toMatchObject({ healthy: true });
    expect(urlOf(service.commands[0]?.slice(1) ?? [])).toBe(url);
  });
});
