import { expect, test } from 'vitest';
import { keepReferred } from '../../../src/shared/secrets/keep-referred.ts';
import type { Migration } from '../../../src/shared/secrets/migration.ts';

const migration: Migration = {
  secrets: [{ name: 'db-password', source: 'DB_PASSWORD', description: 'Of db', left: [] }],
  moves: [
    {
      ...{ secret: 'db-password', service: 'db', variable: 'PASSWORD', handedOver: false },
      intake: { how: 'file variable', variable: 'PASSWORD_FILE' },
    },
  ],
  services: [{ service: 'db', uid: 0 }],
  notCovered: [],
};
const db = 'services:\n  db:\n    environment: { PASSWORD: $DB_PASSWORD }\n';

interface Files {
  readonly compose?: string;
  readonly env?: string;
  readonly previous?: string;
  readonly other?: string;
  readonly platform?: string;
}

function leftOf({ compose = '', env = '', previous = '', other = '', platform = '' }: Files) {
  const line = 'DB_PASSWORD=hunter2pw\n';
  const texts = {
    composeFiles: [{ name: 'compose.yaml', text: `${db}${compose}` }],
    platformFile: { name: 'platform.yaml', text: `name: x\nservices: {}\n${platform}` },
    envFiles: [
      { name: '.env', text: `${line}${env}` },
      { name: '.env.previous', text: `${line}${previous}` },
    ],
    delivered: '.secrets/delivered',
  };
  const kept = keepReferred(migration, texts, [{ name: 'app.env', text: other }]);
  return kept.secrets.flatMap(({ left }) => left.map(({ what, place }) => `${what} ${place}`));
}

test.each<[string, Files, string]>([
  [
    'a line of the environment file',
    { env: `DSN="host=db password=\${DB_PASSWORD}"\n` },
    'DSN .env:2',
  ],
  ['another environment file', { other: `A=b\nAPP_PW=\${DB_PASSWORD}\n` }, 'APP_PW app.env:2'],
  ['one that hands it on', { other: 'DB_PASSWORD\n' }, 'DB_PASSWORD app.env:1'],
  [
    'a config',
    { compose: `configs: { c: { content: "pw=\${DB_PASSWORD}" } }\n` },
    'DB_PASSWORD compose.yaml:4',
  ],
  [
    'options of a volume',
    { compose: 'volumes: { v: { driver_opts: { o: "password=$DB_PASSWORD" } } }\n' },
    'DB_PASSWORD compose.yaml:4',
  ],
  [
    'a secret of Compose',
    { compose: 'secrets: { s: { environment: DB_PASSWORD } }\n' },
    'DB_PASSWORD compose.yaml:4',
  ],
  [
    'an argument of a build',
    { compose: '  web: { build: { context: ., args: [DB_PASSWORD] } }\n' },
    'DB_PASSWORD compose.yaml:4',
  ],
  [
    'what stands in for another',
    { compose: `x-url: "\${URL:-x?\${DB_PASSWORD}}"\n` },
    'DB_PASSWORD compose.yaml:4',
  ],
  [
    'a template of the platform file',
    { platform: `environment: { variables: { DSN: { value: "x \${DB_PASSWORD}" } } }\n` },
    'DB_PASSWORD platform.yaml:3',
  ],
])('a variable stays for %s', (_, files, place) => {
  expect(leftOf(files)).toEqual([place]);
});

test('a variable goes where only comments, doubled dollars and copies of older files mention it', () => {
  const compose = `  web: { command: "echo $\${DB_PASSWORD}" } # of \${DB_PASSWORD}\n`;
  expect(leftOf({ compose, env: `# \${DB_PASSWORD}\n`, previous: 'DSN=x$DB_PASSWORD\n' })).toEqual(
    [],
  );
});
