import { describe, expect, test } from 'vitest';
import { guessServices } from '../../../src/activities/discovery/guess.ts';
import { noSettings } from '../../../src/activities/services/common/settings.ts';
import type { Sighting } from '../../../src/activities/services/recognition.ts';
import { kinds } from '../../../src/activities/services/registry.ts';
import { sighting } from './sighting.ts';

const guess = (seen: Partial<Sighting>) => guessServices([sighting(seen)])[0];
const words = (text: string) => text.split(' ');

describe('a service is recognised', () => {
  test.for<readonly [kind: string, what: string, seen: Partial<Sighting>]>([
    ['postgres', 'by the official image', { image: 'postgres:17-alpine' }],
    ['postgres', 'behind a registry', { image: 'registry:5000/library/postgres:17@sha256:ab' }],
    ['postgres', 'of a distribution', { image: 'bitnami/postgresql:16' }],
    ['postgres', 'by its program', { words: words('docker-entrypoint.sh postgres -c jit=off') }],
    [
      'postgres',
      'in an image of the house, by its health check',
      { healthCheck: ['pg_isready -U app'], variables: ['POSTGRES_PASSWORD'] },
    ],
    [
      'patroni',
      'in a PostgreSQL image',
      {
        image: 'acme/postgres:17',
        words: words('tini -- patroni /etc/patroni.yml'),
        variables: ['PATRONI_NAME', 'PGDATA'],
        mounts: ['/var/lib/postgresql'],
        ports: [5432, 8008],
      },
    ],
    ['patroni', 'as Spilo', { image: 'ghcr.io/zalando/spilo-16:3.2' }],
    ['etcd', 'by its image', { image: 'quay.io/coreos/etcd:v3.5.16' }],
    ['etcd', 'by its program', { words: words('/usr/local/bin/etcd --name e1') }],
    ['haproxy', 'by its image', { image: 'haproxy:3.0' }],
    ['minio', 'by its image', { image: 'minio/minio', words: words('minio server /data') }],
    ['keycloak', 'by its image', { image: 'quay.io/keycloak/keycloak:26.0' }],
    ['keycloak', 'by its program', { words: words('/opt/keycloak/bin/kc.sh start') }],
    ['nessie', 'by its image', { image: 'ghcr.io/projectnessie/nessie:0.99.0' }],
    ['http', 'by what its health check asks', { healthCheck: ['curl -f http://localhost:80/up'] }],
    ['http', 'by a usual port', { ports: [8080] }],
    ['one-shot', 'because somebody waits for its end', { isAwaitedEnd: true }],
    ['one-shot', 'because it has ended well', { exitCode: 0, image: 'postgres:17' }],
  ])('as %s %s', ([kind, , seen]) => {
    expect(guess(seen)?.kind).toBe(kind);
  });

  test.for<readonly [kind: string, what: string, seen: Partial<Sighting>]>([
    ['container', 'nothing to go by', {}],
    ['container', 'an exporter', { image: 'quay.io/prometheuscommunity/postgres-exporter:v0.17' }],
    ['container', 'a client', { variables: ['POSTGRES_PASSWORD', 'PGDATA'], ports: [5432] }],
    ['container', 'a job in an image of a server', { image: 'postgres:17', words: ['psql', '-f'] }],
    ['container', 'the client of MinIO', { image: 'minio/mc', words: words('mc mirror a b') }],
    ['container', 'one that ended badly', { exitCode: 1 }],
    ['container', 'one that is started again', { exitCode: 0, restartsOnSuccess: true }],
    ['container', 'a health check of another host', { healthCheck: ['curl http://other/up'] }],
    ['container', 'a health check with a token', { healthCheck: ['curl localhost/up?token=x'] }],
    ['container', 'a database port', { ports: [6379, 3306] }],
  ])('as %s: %s', ([kind, , seen]) => {
    expect(guess(seen)?.kind).toBe(kind);
  });
});

describe('its settings', () => {
  test('say whom a health check logs in as', () => {
    const healthCheck = ['pg_isready', '-U', 'store', '-d', 'orders'];
    expect(guess({ image: 'postgres', healthCheck })?.settings[1]).toEqual({
      user: 'store',
      database: 'orders',
    });
  });

  test('name the variable where the health check leaves it to the shell', () => {
    const healthCheck = ['pg_isready -q -U $POSTGRES_USER'];
    const variables = ['POSTGRES_USER'];
    expect(guess({ image: 'postgres', healthCheck, variables })?.settings[1]).toEqual({
      userVariable: 'POSTGRES_USER',
    });
  });

  test('take port, path and scheme from the health check', () => {
    const healthCheck = ['curl', '-fsk', 'https://127.0.0.1:8443/ready'];
    expect(guess({ healthCheck })?.settings).toEqual([
      { port: 8443, path: '/ready', scheme: 'https' },
    ]);
    expect(
      guess({ image: 'etcd', healthCheck: ['curl http://[::1]:12379/health'] })?.settings[0],
    ).toEqual({ port: 12_379, scheme: 'http' });
  });

  test('of a proxy are tried on the ports that it has', () => {
    expect(guess({ image: 'haproxy', ports: [9090] })?.settings).toContainEqual({
      statsPort: 9090,
      statsPath: '/;csv',
    });
  });

  test.each(kinds.map((kind) => [kind.kind, kind] as const))(
    'of %s are such as the kind takes',
    (_, { recognize, settings = noSettings }) => {
      const all: Partial<Sighting>[] = [
        { ports: [80, 9090], healthCheck: ['curl https://localhost:1234/a'] },
        { ports: [8080], variables: ['POSTGRES_USER'], exitCode: 0 },
        { healthCheck: ['pg_isready -U app -d app'] },
      ];
      for (const { kind } of kinds) {
        for (const seen of all) {
          const found = recognize?.(sighting({ image: kind, ...seen }));
          for (const choice of found?.settings ?? []) {
            expect(settings.safeParse(choice), JSON.stringify(choice)).toMatchObject({
              success: true,
            });
          }
        }
      }
    },
  );
});

describe('services that are called alike', () => {
  const named = (image: string, ...names: string[]) =>
    guessServices(names.map((service) => sighting({ service, image }))).map(({ name, members }) => [
      name,
      ...members,
    ]);

  test('are members of one when they are of one image', () => {
    expect(named('etcd:3.5', 'etcd1', 'etcd2', 'etcd3')).toEqual([
      ['etcd', 'etcd1', 'etcd2', 'etcd3'],
    ]);
    expect(named('etcd:3.5', 'kv-0', 'kv-1')).toEqual([['kv', 'kv-0', 'kv-1']]);
  });

  test('of a kind that does not share its work stay apart', () => {
    expect(named('postgres:17', 'db1', 'db2')).toEqual([
      ['db1', 'db1'],
      ['db2', 'db2'],
    ]);
  });

  test('do not take the name of a compose service that is none of them', () => {
    const [group] = guessServices(
      ['kv1', 'kv2', 'kv'].map((service) =>
        sighting({ service, image: service === 'kv' ? 'acme/it' : 'etcd' }),
      ),
    );
    expect(group).toMatchObject({ name: 'etcd', members: ['kv1', 'kv2'] });
  });

  test('stay apart when they are more than a platform file takes', () => {
    const names = Array.from({ length: 65 }, (_, index) => `e${index}`);
    expect(named('etcd:3.5', ...names.slice(1))).toHaveLength(1);
    expect(named('etcd:3.5', ...names)).toHaveLength(65);
  });

  test('of other images stay apart', () => {
    const guesses = guessServices([
      sighting({ service: 'web1', image: 'a', ports: [80] }),
      sighting({ service: 'web2', image: 'b', ports: [80] }),
    ]);
    expect(guesses.map(({ name }) => name)).toEqual(['web1', 'web2']);
  });
});
