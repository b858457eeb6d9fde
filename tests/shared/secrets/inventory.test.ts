import { describe, expect, test } from 'vitest';
import { type Declarations, inventoryOf } from '../../../src/shared/secrets/inventory.ts';
import { proposal } from '../../../src/shared/secrets/proposal.ts';
import {
  type SeenProject,
  sightCredentials,
} from '../../../src/shared/secrets/sight-credentials.ts';

const compose = `
x-database: &database
  POSTGRES_PASSWORD: \${DB_PASSWORD:?}
  POSTGRES_USER: app
services:
  db:
    environment: *database
  web:
    command: [serve, --token, hunter4token]
    environment:
      <<: *database
      SESSION_KEY: hunter3session
      DATABASE_URL: postgres://app:\${DB_PASSWORD}@db/app
      HOLE: \${ODD_NAME}
  job:
    environment:
      - API_SECRET=\${ODD_NAME}
      - DB_PASSWORD
`;
const env = '# the database\nDB_PASSWORD=hunter2pw\nODD_NAME=hunter5odd\nPORT=80\n';

const nothing: Declarations = {
  variables: new Set(),
  waivers: [],
  today: '2027-01-31',
  isHarmless: () => false,
  itemOf: () => undefined,
  fingerprint: (value) => `fp-${value.length}`,
};

function inventory(declared: Partial<Declarations> = {}, more: Partial<SeenProject> = {}) {
  const sightings = sightCredentials({
    composeFiles: [{ name: 'compose.yaml', text: compose }],
    envFile: { name: '.env', text: env },
    otherEnvFiles: [],
    files: [],
    containers: [],
    ...more,
  });
  return inventoryOf(sightings, { ...nothing, ...declared });
}

const states = ({ credentials }: ReturnType<typeof inventory>) =>
  Object.fromEntries(credentials.map(({ name, state }) => [name, state]));

test('one value is one credential, with every place where it stands', () => {
  const { credentials } = inventory();
  expect(states({ credentials, unusedWaivers: [] })).toEqual({
    DB_PASSWORD: 'red',
    ODD_NAME: 'red',
    SESSION_KEY: 'red',
    token: 'red',
  });
  const places = credentials.find(({ name }) => name === 'DB_PASSWORD')?.places;
  expect(places?.map(({ place, what, how }) => `${place} ${what} ${how}`)).toEqual([
    '.env:2 DB_PASSWORD environment file',
    'compose.yaml:3 db/POSTGRES_PASSWORD variable',
    'compose.yaml:13 web/DATABASE_URL variable',
    'compose.yaml:3 web/POSTGRES_PASSWORD variable',
    'compose.yaml:18 job/DB_PASSWORD variable',
  ]);
  const odd = credentials.find(({ name }) => name === 'ODD_NAME')?.places;
  expect(odd?.map(({ what }) => what)).toEqual(['ODD_NAME', 'web/HOLE', 'job/API_SECRET']);
  expect(JSON.stringify(credentials)).not.toMatch(/hunter\d/);
});

test('a secret variable declares what it brings, and not the same value written out', () => {
  const declared = { variables: new Set(['DB_PASSWORD', 'ODD_NAME']) };
  expect(states(inventory(declared))).toMatchObject({
    DB_PASSWORD: 'declared',
    ODD_NAME: 'declared',
  });
  const copy = {
    name: 'more.yaml',
    text: 'services: { x: { environment: { PW_KEY: hunter2pw } } }',
  };
  const { credentials } = inventory(declared, {
    composeFiles: [{ name: 'compose.yaml', text: compose }, copy],
  });
  const found = credentials.find(({ name }) => name === 'DB_PASSWORD');
  expect(found?.state).toBe('red');
  expect(found?.places.filter(({ state }) => state === 'red').map(({ what }) => what)).toEqual([
    'x/PW_KEY',
  ]);
});

describe('a waiver', () => {
  const waiver = (what: string, expires = '2027-01-31') => ({
    waivers: [{ what, reason: 'a fixture', expires }],
  });
  test.each(['web/SESSION_KEY', 'SESSION_KEY'])(
    'of %s holds until the end of its last day',
    (what) => {
      expect(states(inventory(waiver(what)))).toMatchObject({
        SESSION_KEY: 'waived',
        token: 'red',
      });
      expect(states(inventory(waiver(what, '2027-01-30')))).toMatchObject({ SESSION_KEY: 'red' });
    },
  );
  test('that names nothing is said to be of no use', () => {
    expect(inventory(waiver('web/GONE')).unusedWaivers).toEqual(['web/GONE']);
  });
});

test('a container is judged as the file that its value comes from, and by itself when there is none', () => {
  const containers = [
    {
      service: 'db',
      variables: [
        ['POSTGRES_PASSWORD', 'hunter2pw'],
        ['BY_HAND_TOKEN', 'hunter6'],
      ] as const,
      words: [],
    },
  ];
  const { credentials } = inventory({ variables: new Set(['DB_PASSWORD']) }, { containers });
  expect(states({ credentials, unusedWaivers: [] })).toMatchObject({
    DB_PASSWORD: 'declared',
    BY_HAND_TOKEN: 'red',
  });
});

test('a copy of what is delivered is said to be one', () => {
  const { credentials } = inventory({
    itemOf: (value) => (value === 'hunter3session' ? 'session' : undefined),
  });
  const found = credentials.find(({ name }) => name === 'SESSION_KEY');
  expect(found?.places[0]?.why).toBe('a copy of the secret session');
});

test('the proposal declares what the environment file has and waives what is written out', () => {
  expect(proposal(inventory(), '2027-01-31')).toBe(`environment:
  variables:
    DB_PASSWORD: { description: "Taken by db/POSTGRES_PASSWORD, web/DATABASE_URL, web/POSTGRES_PASSWORD, job/DB_PASSWORD", secret: {} }
    ODD_NAME: { description: "Taken by web/HOLE, job/API_SECRET", secret: {} }
secrets:
  waivers:
    - { what: "web/SESSION_KEY", reason: TODO why it may stay there, expires: 2027-05-01 }
    - { what: "web/command", reason: TODO why it may stay there, expires: 2027-05-01 }
`);
  expect(proposal({ credentials: [] }, '2027-01-31')).toBeUndefined();
});
