import { expect, test } from 'vitest';
import { type Draft, platformYaml } from '../../../src/client/init/platform-yaml.ts';
import { parsePlatformFile } from '../../../src/shared/read-platform.ts';

const draft = (changes: Partial<Draft> = {}): Draft => ({
  schemaPath: 'platform.schema.json',
  target: {
    ...{ project: 'shop', directory: '/srv/shop', files: ['compose.yaml'], hasContainers: true },
    ...{ otherEnvFiles: [], profiles: [] },
  },
  discovery: { services: [], profiles: [], containers: 1, doubts: [] },
  environment: {
    ...{ file: '.env', exists: true, example: '.env.example', variables: [], literalSecrets: [] },
  },
  ...changes,
});

const service: Draft['discovery']['services'][number] = {
  ...{ name: 'web', kind: 'http', members: ['web'], settings: { port: 80 } },
  ...{ certainty: 'proved' as const, reasons: ['it has port 80'], waitsFor: {} },
};

const services = (...all: Draft['discovery']['services']) =>
  draft({ discovery: { services: all, profiles: [], containers: all.length, doubts: [] } });

test('each guess has its reason above it', () => {
  const text = platformYaml(
    services({ ...service, answer: '200 on :80/', waitsFor: { db: 'service_healthy' } }),
  );
  expect(text).toContain(
    [
      'services:',
      '  # Proved: it has port 80; asked, it says: 200 on :80/.',
      '  # Waits for db (healthy).',
      '  web: { kind: http, settings: { port: 80 } }',
      '',
    ].join('\n'),
  );
});

test('what could not be told is marked, and a slow start gets its time', () => {
  const text = platformYaml(services({ ...service, todo: 'say which path', startMs: 150_000 }));
  expect(text).toContain('  # TODO say which path\n');
  expect(parsePlatformFile(text, 'platform.yaml').services.web?.healthTimeout).toBe('150s');
});

test('words that YAML would read as something else stay words, and comments stay comments', () => {
  const text = platformYaml(
    services(
      { ...service, name: 'null', members: ['null'], reasons: ['one\nservices: {}', 'two'] },
      { ...service, name: '0x1f', members: ['true', '1e3'], settings: { port: 8080 } },
      {
        ...{ ...service, name: 'db', members: ['db'], kind: 'postgres' },
        settings: { user: 'on', socketDirectory: '/a: #b' },
      },
    ),
  );
  const parsed = parsePlatformFile(text, 'platform.yaml').services;
  expect(Object.keys(parsed)).toEqual(['null', '0x1f', 'db']);
  expect(parsed['0x1f']?.members).toEqual(['true', '1e3']);
  expect(parsed.db?.settings).toEqual({ user: 'on', socketDirectory: '/a: #b' });
});

test('a project without containers, services or variables makes a file that can be read', () => {
  const text = platformYaml(
    draft({
      target: {
        ...{ project: 'shop', directory: '/srv/shop', files: ['a.yaml', 'deploy/b.yaml'] },
        ...{ hasContainers: false, otherEnvFiles: ['../x.env'], profiles: ['jobs'] },
      },
      discovery: { services: [], profiles: ['jobs'], containers: 0, doubts: [] },
      environment: {
        ...{ file: '.env', exists: false, example: '.env.runbook-example', variables: [] },
        literalSecrets: [{ name: 'TOKEN', place: 'a.yaml:3' }],
      },
    }),
  );
  expect(parsePlatformFile(text, 'platform.yaml')).toMatchObject({
    compose: { project: 'shop', files: ['a.yaml', 'deploy/b.yaml'], profiles: ['jobs'] },
    environment: { file: '.env', example: '.env.runbook-example', variables: {} },
    services: {},
  });
  expect(text).toContain('# TODO a.yaml:3 gives TOKEN its value for everybody to read');
  expect(text).toContain('# TODO Compose reads ../x.env as well');
});

test('variables say where they are taken, and what to do about secrets', () => {
  const text = platformYaml(
    draft({
      environment: {
        ...{ file: '.env', exists: true, example: '.env.example', literalSecrets: [] },
        variables: [
          {
            ...{ name: 'DB_PASSWORD', description: 'Taken by compose.yaml:7: "x"', required: true },
            looksSecret: true,
          },
          {
            ...{ name: 'PORT', description: 'Taken by compose.yaml:9', required: false },
            ...{ looksSecret: false, todo: 'set nowhere: Compose puts nothing in its place' },
          },
        ],
      },
    }),
  );
  expect(parsePlatformFile(text, 'platform.yaml').environment.variables).toEqual({
    DB_PASSWORD: { description: 'Taken by compose.yaml:7: "x"', required: true },
    PORT: { description: 'Taken by compose.yaml:9' },
  });
  expect(text).toContain('# Called like a secret.');
  expect(text).toContain('# TODO set nowhere: Compose puts nothing in its place.');
});
