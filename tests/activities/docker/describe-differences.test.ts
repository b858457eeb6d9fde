import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseComposeConfig } from '../../../src/activities/docker/compose-model.ts';
import { describeDifferences } from '../../../src/activities/docker/describe-differences.ts';

const config = (web: object, rest: object = {}) =>
  parseComposeConfig(JSON.stringify({ name: 'shop', services: { web }, ...rest }));
const differences = (before: object, after: object, rest: [object?, object?] = []) =>
  describeDifferences(config(before, rest[0]), config(after, rest[1]), 'web', (name) => name).join(
    ', ',
  );

const environment = (names: readonly string[], value: string) => ({
  environment: Object.fromEntries(names.map((name) => [name, value])),
});
const bind = (source: string, target: string) => ({ type: 'bind', source, target });

test.for<[string, string, string]>([
  [
    'an image by both its references',
    differences({ image: 'shop:1' }, { image: 'shop:2' }),
    'image shop:1 → shop:2',
  ],
  [
    'an image that is built under the name that Compose gives it',
    differences({ build: { context: '.' } }, { image: 'shop:2' }),
    'image shop-web → shop:2',
  ],
  [
    'a digest by its start',
    differences({ image: 'shop:1' }, { image: `shop@sha256:${'a1'.repeat(32)}` }),
    'image shop:1 → shop@sha256:a1a1a1a1a1a1',
  ],
  [
    'variables',
    differences(
      { environment: { SAME: '1', OLD: '1', LEVEL: 'info', UNSET: null } },
      { environment: { SAME: '1', LEVEL: 'debug', NEW: '1', UNSET: '' } },
    ),
    'environment (added NEW; changed LEVEL, UNSET; removed OLD)',
  ],
  [
    'labels and networks',
    differences(
      { labels: { a: '1' }, networks: { back: null } },
      { labels: { a: '2' }, networks: { back: null, front: { aliases: ['x'] } } },
    ),
    'labels (changed a), networks (added front)',
  ],
  [
    'mounts by where they are mounted',
    differences(
      { volumes: [bind('/srv/a', '/a'), bind('/srv/b', '/b')] },
      { volumes: [bind('/srv/x', '/a'), bind('/srv/c', '/c')] },
    ),
    'mounts (added /c; changed /a; removed /b)',
  ],
  [
    'ports as Compose writes them',
    differences(
      { ports: [{ mode: 'ingress', target: 80, published: '8080', protocol: 'tcp' }] },
      { ports: [{ target: 53, published: '53', host_ip: '127.0.0.1', protocol: 'udp' }] },
    ),
    'ports (added 127.0.0.1:53:53/udp; removed 8080:80)',
  ],
  [
    'a config whose contents differ',
    differences({ configs: [{ source: 'site' }] }, { configs: [{ source: 'site' }] }, [
      { configs: { site: { content: 'a' } } },
      { configs: { site: { content: 'b' } } },
    ]),
    'configs (changed site)',
  ],
  [
    'a secret that is another file',
    differences({ secrets: [{ source: 'key' }] }, { secrets: [{ source: 'key' }] }, [
      { secrets: { key: { file: '/a' } } },
      { secrets: { key: { file: '/b' } } },
    ]),
    'secrets (changed key)',
  ],
  [
    'limits, wherever they stand',
    differences(
      { deploy: { resources: { limits: { cpus: 1 } } } },
      { mem_limit: '64m', cpus: 2, deploy: { resources: { limits: { cpus: 2 } } } },
    ),
    'limits',
  ],
  [
    'other settings by their names alone',
    differences(
      { command: ['web'], healthcheck: { test: ['CMD', 'a'] }, user: '1' },
      { command: ['web', '--x'], healthcheck: { test: ['CMD', 'b'] }, stop_grace_period: '5s' },
    ),
    'command, healthcheck, stop grace period, user',
  ],
  [
    'nothing of what Compose makes no new container for',
    differences(
      { build: { context: 'a' }, depends_on: {}, scale: 1, command: null },
      { build: { context: 'b' }, depends_on: { db: {} }, scale: 2, deploy: { replicas: 2 } },
    ),
    '',
  ],
])('tells %s', ([, words, expected]) => {
  expect(words).toBe(expected);
});

test('eight names are shown, and how many more there are', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'];
  expect(differences({}, environment(names, '1'))).toBe(
    'environment (added a, b, c, d, e, f, g, h and 4 more)',
  );
});

test('names of any length and number make a line of bounded length', () => {
  const long = Array.from({ length: 500 }, (_, index) => `${index}-${'n'.repeat(300)}`);
  const all = {
    ...{ ...environment(long, '1'), labels: environment(long, '1').environment },
    volumes: long.map((target) => bind('/x', target)),
  };
  expect(differences({}, all).length).toBeLessThan(1700);
});

test('no value is told, whichever setting it stands in', () => {
  const canary = 'cAnArY-7781';
  const somewhere = fc.constantFrom<object>(
    ...[
      ...['command', 'entrypoint'].map((key) => ({ [key]: ['run', `--password=${canary}`] })),
      ...['environment', 'labels', 'sysctls', 'annotations', 'extra_hosts', 'logging'].map(
        (key) => ({ [key]: { NAME: canary } }),
      ),
      { healthcheck: { test: ['CMD-SHELL', `check ${canary}`] } },
      { volumes: [bind(`/srv/${canary}`, '/data')] },
      { configs: [{ source: 'site', target: `/${canary}` }] },
      { networks: { back: { aliases: [canary] } } },
      { deploy: { labels: { a: canary }, resources: { limits: { memory: canary } } } },
      { build: { context: '.', args: { TOKEN: canary } } },
      { user: canary, hostname: canary, mem_limit: canary },
    ],
  );
  const rest = { configs: { site: { content: canary } } };
  fc.assert(
    fc.property(somewhere, somewhere, (before, after) => {
      for (const definitions of [
        [{}, rest],
        [rest, {}],
      ] as [object, object][]) {
        expect(differences(before, after, definitions)).not.toContain(canary);
      }
    }),
  );
});
