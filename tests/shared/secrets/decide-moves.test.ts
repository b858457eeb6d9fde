import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  decideMoves,
  type MigrationFacts,
  type ServiceFacts,
} from '../../../src/shared/secrets/decide-moves.ts';
import type { Migration } from '../../../src/shared/secrets/migration.ts';
import { openFiles } from '../../../src/shared/secrets/obstacles.ts';
import { rewriteProject } from '../../../src/shared/secrets/rewrite-project.ts';
import { sightCredentials } from '../../../src/shared/secrets/sight-credentials.ts';

const takesFiles: ServiceFacts = {
  intakeOf: (variable) => ({ how: 'file variable', variable: `${variable}_FILE` }),
  ...{ script: undefined, uid: 999, entrypoint: ['entry'], command: ['run'] },
};
const takesConfiguration: ServiceFacts = {
  ...takesFiles,
  intakeOf: (variable) => ({ how: 'configuration file', setting: variable.toLowerCase() }),
  script: 'exec "$@"\n',
};

interface Situation {
  readonly compose: string;
  readonly env?: string;
  readonly services?: Readonly<Record<string, ServiceFacts>>;
  readonly facts?: Partial<MigrationFacts>;
}

function decided({ compose, env = 'DB_PASSWORD=hunter2pw\n', services, facts }: Situation) {
  const composeFiles = [{ name: 'compose.yaml', text: compose }];
  const envFile = { name: '.env', text: env };
  const sightings = sightCredentials({
    ...{ composeFiles, envFile, otherEnvFiles: [], files: [], containers: [] },
  });
  const migration = decideMoves(sightings, {
    ...{ files: openFiles(composeFiles), delivered: '.secrets/delivered', declared: new Map() },
    services: new Map(Object.entries(services ?? { db: takesFiles, web: takesFiles })),
    ...{ waiverOf: () => undefined, isFree: () => true },
    ...facts,
  });
  const texts = {
    ...{ composeFiles, delivered: '.secrets/delivered', envFiles: [envFile] },
    platformFile: { name: 'platform.yaml', text: 'name: x\nservices: {}\n' },
  };
  const rewritten = new Map(rewriteProject(texts, migration).map(({ name, text }) => [name, text]));
  return { migration, rewritten };
}

const reasons = ({ secrets, notCovered }: Migration) => [
  ...secrets.flatMap(({ left }) => left.map(({ what, why }) => `${what}: ${why}`)),
  ...notCovered.map(({ what, why }) => `${what}: ${why}`),
];

describe('moves', () => {
  test('a variable of the environment file to every service that takes it', () => {
    const compose =
      'services:\n  db:\n    environment: { PW_PASSWORD: $DB_PASSWORD }\n  web:\n    environment:\n      - DB_PASSWORD\n';
    const { migration, rewritten } = decided({ compose });
    expect(migration.moves.map(({ service, variable }) => `${service}/${variable}`)).toEqual([
      'db/PW_PASSWORD',
      'web/DB_PASSWORD',
    ]);
    expect(rewritten.get('.env')).toBe('');
    expect(parse(rewritten.get('compose.yaml') ?? '').services).toEqual({
      db: {
        environment: { PW_PASSWORD_FILE: '/run/secrets/db-password' },
        volumes: ['./.secrets/delivered/db:/run/secrets:ro'],
      },
      web: {
        environment: ['DB_PASSWORD_FILE=/run/secrets/db-password'],
        volumes: ['./.secrets/delivered/web:/run/secrets:ro'],
      },
    });
    expect(
      parse(rewritten.get('platform.yaml') ?? '').secrets.items['db-password'].deliver,
    ).toEqual({ db: 999, web: 999 });
  });

  test('a value that is written out, and one that the whole environment file brings', () => {
    const compose =
      'services:\n  db:\n    environment: { ROOT_PASSWORD: hunter3pw }\n  web:\n    env_file: .env\n';
    const { migration, rewritten } = decided({ compose });
    expect(migration.secrets.map(({ name, source }) => [name, source])).toEqual([
      ['db-password', 'DB_PASSWORD'],
      ['root-password', undefined],
    ]);
    const { services } = parse(rewritten.get('compose.yaml') ?? '');
    expect(services.web.environment).toEqual({ DB_PASSWORD_FILE: '/run/secrets/db-password' });
    expect(services.db.environment).toEqual({ ROOT_PASSWORD_FILE: '/run/secrets/root-password' });
    expect([...rewritten.values()].join()).not.toContain('hunter');
  });

  test.each(['1234567', '"0123456"', "'12345678901234567890'", '0123abc', '1.2.3.4'])(
    'a value that Compose passes on as it is written: %s',
    (written) => {
      const compose = `services:\n  db:\n    environment: { PASSWORD: ${written} }\n`;
      expect(decided({ compose, env: '' }).migration.moves).toHaveLength(1);
    },
  );

  test('into a configuration file, which a script writes before the program starts', () => {
    const compose = 'services:\n  db:\n    environment: { PW_PASSWORD: $DB_PASSWORD, A: b }\n';
    const { rewritten } = decided({ compose, services: { db: takesConfiguration } });
    expect(parse(rewritten.get('compose.yaml') ?? '').services.db).toEqual({
      environment: { A: 'b' },
      volumes: ['./.secrets/delivered/db:/run/secrets:ro'],
      tmpfs: ['/run/secrets-config:uid=999,gid=999,mode=0700,size=1m'],
      entrypoint: [
        ...[
          'sh',
          '-c',
          'exec "$$@"\n',
          'secrets-entry',
          'pw_password',
          'db-password',
          '--',
          'entry',
        ],
      ],
      command: ['run'],
    });
  });

  test('an entry point with its references as they are written', () => {
    const compose =
      'services:\n  db:\n    environment: { PASSWORD: $DB_PASSWORD }\n    entrypoint: [run, "--port=$PORT"]\n';
    const resolved = { ...takesConfiguration, entrypoint: ['run', '--port=80'] };
    const { rewritten } = decided({ compose, services: { db: resolved } });
    const { entrypoint } = parse(rewritten.get('compose.yaml') ?? '').services.db;
    expect(entrypoint.slice(-2)).toEqual(['run', '--port=$PORT']);
  });

  test('two variables with one value as two secrets: they open different doors', () => {
    const compose = 'services: { db: { environment: { A_PASSWORD: $A, B_PASSWORD: $B } } }';
    const { migration } = decided({ compose, env: 'A=hunter2pw\nB=hunter2pw\n' });
    expect(migration.secrets.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  test('under another name where the store has another value of that name', () => {
    const compose = 'services: { db: { environment: { PASSWORD: $DB_PASSWORD } } }';
    const { migration } = decided({ compose, facts: { isFree: (name) => name !== 'db-password' } });
    expect(migration.secrets.map(({ name }) => name)).toEqual(['db-password-2']);
  });
});

describe('leaves, and says why', () => {
  const db = (more: string) =>
    `services:\n  db:\n    environment: { PASSWORD: $DB_PASSWORD }\n${more}`;
  test.each<[string, Situation, RegExp]>([
    [
      'an image that takes nothing from files',
      { compose: db(''), services: { db: { ...takesFiles, intakeOf: () => undefined } } },
      /^db\/PASSWORD: no way is known/,
    ],
    ['a service without a container', { compose: db(''), services: {} }, /no container/],
    [
      'a user that nobody can tell',
      { compose: db(''), services: { db: { ...takesFiles, uid: { unknown: 'who is it' } } } },
      /who is it/,
    ],
    [
      'a command',
      { compose: db('    command: [x, --password, $DB_PASSWORD]\n') },
      /a command takes no file/,
    ],
    [
      'a part of a URL',
      { compose: db('  web:\n    environment: { DSN: "pg://a:$DB_PASSWORD@db" }\n') },
      /only a part/,
    ],
    [
      'a health check that needs it',
      { compose: db('    healthcheck: { test: "x $$PASSWORD" }\n') },
      /its test refers to it/,
    ],
    [
      'an anchor',
      { compose: 'x-e: &e { PASSWORD: $DB_PASSWORD }\nservices: { db: { environment: *e } }\n' },
      /an anchor/,
    ],
    [
      'a variable that names a file already',
      {
        compose:
          'services:\n  db:\n    environment: { PASSWORD: $DB_PASSWORD, PASSWORD_FILE: /run/pw }\n',
      },
      /^db\/PASSWORD: PASSWORD_FILE is there already \(compose.yaml:3\)/,
    ],
    [
      'a mapping that others merge',
      {
        compose:
          'services:\n  db:\n    environment: &e { PASSWORD: $DB_PASSWORD }\n  web:\n    environment: { <<: *e, A: b }\n',
      },
      /^db\/PASSWORD: compose.yaml refers to it from elsewhere \(an anchor\)/,
    ],
    [
      'a service that others merge',
      {
        compose:
          'services:\n  db: &base\n    environment: [PASSWORD=$DB_PASSWORD]\n  web: { <<: *base }\n',
      },
      /^db\/PASSWORD: compose.yaml refers to it from elsewhere \(an anchor\)/,
    ],
    [
      'a list of mounts that others have too',
      { compose: db('    volumes: &v [a:/a]\n  web:\n    volumes: *v\n') },
      /^db\/PASSWORD: compose.yaml refers to it from elsewhere \(an anchor\)/,
    ],
    [
      'an entry point whose words stand elsewhere too',
      {
        compose: db('    entrypoint: [&run /run]\n  web:\n    command: [*run]\n'),
        services: { db: takesConfiguration },
      },
      /^db\/PASSWORD: compose.yaml refers to it from elsewhere \(an anchor\)/,
    ],
    [
      'an entry point that would bring a value into the file',
      {
        compose: db(''),
        services: { db: { ...takesConfiguration, entrypoint: ['run', '--pw=hunter2pw'] } },
      },
      /holds a credential/,
    ],
    [
      'what another service extends',
      { compose: db('  web: { extends: { service: db } }\n') },
      /web extends it/,
    ],
    [
      'a mount of its own',
      { compose: db('    volumes: ["./x:/run/secrets"]\n') },
      /mounts something else/,
    ],
    ['secrets of Compose', { compose: db('    secrets: [x]\n') }, /secrets of Compose/],
    [
      'a merged list',
      { compose: `x-v: &v { volumes: [a:/a] }\n${db('    <<: *v\n')}` },
      /takes its volumes over/,
    ],
    [
      'another variable that is made of it',
      { compose: db(''), env: 'DB_PASSWORD=hunter2pw\nURL=x://a:$DB_PASSWORD@h\n' },
      /URL: it is made of it/,
    ],
    ['what nobody takes', { compose: 'services: { db: {} }' }, /^DB_PASSWORD: no service/],
    [
      'what is waived',
      {
        compose: db(''),
        facts: { waiverOf: ({ name }) => (name === 'DB_PASSWORD' ? 'waived' : undefined) },
      },
      /waived/,
    ],
  ])('%s', (_, situation, why) => {
    const { migration, rewritten } = decided(situation);
    expect(reasons(migration)).toContainEqual(expect.stringMatching(why));
    // The line stays as long as somebody needs it.
    expect(rewritten.get('.env')).toBeUndefined();
  });

  test.each([
    '12345678901234567890',
    '0123456',
    '0x1F4A',
    '1_000_000',
    '1e10',
    '12.50',
    '2027-01-31',
  ])('%s without quotes: Compose passes on the number, not what is written', (written) => {
    const compose = `services:\n  db:\n    environment: { PASSWORD: ${written} }\n`;
    const { migration } = decided({ compose, env: '' });
    expect(reasons(migration)).toEqual([
      'db/PASSWORD: compose.yaml says it as no text: put it in quotes',
    ]);
  });

  test('one consumer, and moves the other', () => {
    const compose = db('  web:\n    environment: { PASSWORD: $DB_PASSWORD }\n');
    const { migration, rewritten } = decided({ compose, services: { db: takesFiles } });
    expect(migration.secrets).toMatchObject([
      { name: 'db-password', left: [{ what: 'web/PASSWORD' }] },
    ]);
    const { services } = parse(rewritten.get('compose.yaml') ?? '');
    expect(services.db.environment).toEqual({ PASSWORD_FILE: '/run/secrets/db-password' });
    expect(services.web.environment).toEqual({ PASSWORD: '$DB_PASSWORD' });
    expect(rewritten.get('.env')).toBeUndefined();
  });
});

test('a file that was included says the way to the secrets from its own folder', () => {
  const file = {
    name: 'more/db.yaml',
    folder: 'more',
    text: 'services: { db: { environment: { PASSWORD: hunter2pw } } }',
  };
  const composeFiles = [file];
  const sightings = sightCredentials({
    ...{ composeFiles, envFile: undefined, otherEnvFiles: [], files: [], containers: [] },
  });
  const migration = decideMoves(sightings, {
    ...{ files: openFiles(composeFiles), delivered: '.secrets/delivered', declared: new Map() },
    ...{ services: new Map([['db', takesFiles]]), waiverOf: () => undefined, isFree: () => true },
  });
  const platformFile = { name: 'p', text: 'name: x\n' };
  const [rewritten] = rewriteProject(
    { composeFiles, envFiles: [], platformFile, delivered: '.secrets/delivered' },
    migration,
  );
  expect(rewritten?.text).toContain('"../.secrets/delivered/db:/run/secrets:ro"');
});

test('the lab with its passwords in the environment says the same as before, but for its passwords', () => {
  const text = readFileSync(
    new URL('../../../compose/lab-env/compose.yaml', import.meta.url),
    'utf8',
  );
  const env = readFileSync(new URL('../../../compose/lab-env/.env', import.meta.url), 'utf8');
  const all = Object.fromEntries(
    ['nessie', 'keycloak', 'minio', 'pg1', 'database-init'].map((name) => [name, takesFiles]),
  );
  const { migration, rewritten } = decided({ compose: text, env, services: all });
  expect(reasons(migration)).toEqual([
    'reporter/REPORT_TOKEN: it has no container that shows how it is started',
  ]);
  const after = rewritten.get('compose.yaml') ?? '';
  const withoutPasswords = (yaml: string) =>
    yaml.split('\n').filter((line) => !/PASSWORD|volumes:|\.secrets/.test(line));
  expect(withoutPasswords(after)).toEqual(withoutPasswords(text));
  expect(after).toContain('# Everything that must not be lost.');
});
