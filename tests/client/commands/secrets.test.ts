import { expect, test } from 'vitest';
import {
  listSecrets,
  secretHistory,
  showSecret,
  verifySecrets,
} from '../../../src/client/commands/secrets.ts';
import type { Secrets } from '../../../src/client/runs/secrets.ts';
import type { SecretEvent } from '../../../src/shared/secret-history.ts';
import type { SecretFacts, SecretVerdict } from '../../../src/shared/secrets-report.ts';
import { recordSession } from '../support/recorder.ts';
import { ScriptedRuns } from '../support/scripted-runs.ts';

/** The clock of the session stands at 2026-11-24T12:01:05Z. */
const proof: SecretEvent = {
  at: '2026-11-24T10:00:00.000Z',
  version: 'v2',
  event: 'proved',
  run: 'rotate-1',
  facts: { by: 'a login', gapMs: 12 },
};
const app: SecretFacts = {
  ...{ name: 'app', description: 'The role app', coverage: 'covered', service: 'db' },
  ...{ kind: 'postgres', type: 'role', strategy: 'dual', current: 'v2' },
  mintedAt: '2026-11-12T12:00:00.000Z',
  dueAt: '2027-02-10T12:00:00.000Z',
  overdue: false,
  versions: [
    { version: 'v1', label: 'previous', mintedAt: '2026-08-01T12:00:00.000Z', fingerprint: 'aa' },
    {
      ...{ version: 'v2', label: 'current', login: 'app_b', fingerprint: 'bb' },
      mintedAt: '2026-11-12T12:00:00.000Z',
    },
  ],
  consumers: [
    { name: 'web', uid: 1000, takes: 'reread', has: 'v2' },
    { name: 'job', uid: 1001, takes: { signal: 'HUP' }, has: 'v1' },
    { name: 'cron', uid: 1002, takes: { command: ['take', 'it'] }, has: 'foreign' },
  ],
  lastProof: proof,
};
const old: SecretFacts = {
  ...{ ...app, name: 'old', overdue: true, dueAt: '2026-11-19T12:00:00.000Z' },
  consumers: [],
};
const bare = (name: string, coverage: SecretFacts['coverage'], why: string): SecretFacts => ({
  ...{ name, coverage, why, description: 'd', overdue: false, versions: [], consumers: [] },
});

function scripted(answers: Partial<Secrets>, settings = {}, worker?: 'absent') {
  const runs = new ScriptedRuns({
    secrets: answers as Secrets,
    ...(worker === undefined ? {} : { worker }),
  });
  return recordSession({ runs, settings });
}

const reporting = (secrets: readonly SecretFacts[], settings = {}, strays: string[] = []) =>
  scripted({ report: async () => ({ platform: 'lab', secrets, strays }) }, settings);

const cells = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/));

test('list shows age, due date and last proof, and marks what is overdue', async () => {
  const { session, stdout } = reporting([app, old]);
  Object.assign(session.terminal.stdout, { width: () => 300 });
  expect(await listSecrets({}, session)).toBe(0);
  expect(cells(stdout.text)).toEqual([
    ['NAME', 'SERVICE', 'KIND', 'STRATEGY', 'AGE', 'DUE', 'VERSION', 'CONSUMERS', 'LAST PROOF'],
    ['app', 'db', 'postgres/role', 'dual', '12d', 'in 77d', 'v2', 'web,job,cron', '2h ago'],
    ['old', 'db', 'postgres/role', 'dual', '12d', 'overdue 5d', 'v2', '-', '2h ago'],
  ]);
});

test('list names what is not covered, in the environment, overdue, foreign or stray', async () => {
  const secrets = [
    ...[app, old, bare('queue', 'not-covered', 'the kind kafka cannot')],
    bare('TOKEN', 'in-environment', 'x'),
  ];
  const { session, stdout, stderr } = reporting(secrets, {}, ['gone/app']);
  Object.assign(session.terminal.stdout, { width: () => 300 });
  await listSecrets({}, session);
  expect(cells(stdout.text).slice(3)).toEqual([
    ['queue', '-', 'not covered', '-', '-', '-', 'none', '-', 'never'],
    ['TOKEN', '-', 'in the environment', '-', '-', '-', 'none', '-', 'never'],
  ]);
  expect(stderr.text.trimEnd().split('\n')).toEqual([
    'overdue, and rotated by runbook start rotate-secrets: old',
    'not covered: queue: the kind kafka cannot',
    'in the environment, and moved into files by runbook start migrate-secrets: TOKEN',
    'delivered files with a value that the store does not know: app (cron)',
    'delivered files that nobody asks for: gone/app',
  ]);
});

test('on a narrow screen the name is whole, and what show tells as well is left out', async () => {
  const { session, stdout } = reporting([{ ...app, name: 'postgres-replication-of-the-lab' }]);
  Object.assign(session.terminal.stdout, { isTTY: true });
  await listSecrets({}, session);
  expect(cells(stdout.text)).toEqual([
    ['NAME', 'KIND', 'AGE', 'DUE', 'VERSION', 'LAST PROOF'],
    ['postgres-replication-of-the-lab', 'postgres/role', '12d', 'in 77d', 'v2', '2h ago'],
  ]);
});

test('no line of the list is wider than 80 columns', async () => {
  const { session, stdout } = reporting([{ ...app, name: 'x'.repeat(63) }]);
  Object.assign(session.terminal.stdout, { isTTY: true });
  await listSecrets({}, session);
  for (const line of stdout.text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('where there is no secret there is no table, only a note', async () => {
  const { session, stdout, stderr } = reporting([]);
  expect(await listSecrets({}, session)).toBe(0);
  expect([stdout.text, stderr.text]).toEqual(['', 'the platform file names no secret\n']);
});

test('list, show and history as JSON are what the worker says', async () => {
  const list = reporting([app], { output: 'json' });
  await listSecrets({}, list.session);
  expect(JSON.parse(list.stdout.text)).toEqual([app]);
  const show = reporting([app], { output: 'json' });
  await showSecret({ name: 'app' }, show.session);
  expect(JSON.parse(show.stdout.text)).toEqual(app);
  const history = async () => ({ platform: 'lab', name: 'app', events: [proof], truncated: false });
  const told = scripted({ history }, { output: 'jsonl' });
  await secretHistory({ name: 'app' }, told.session);
  expect(JSON.parse(told.stdout.text)).toEqual(proof);
});

test('show tells versions, and how each consumer takes a value and which one it has', async () => {
  const { session, stdout } = reporting([app]);
  expect(await showSecret({ name: 'app' }, session)).toBe(0);
  expect(stdout.text).toBe(`app
  The role app
  opens    role of db (postgres), dual
  current  v2
  due      in 77d
  proved   2026-11-24 10:00:00 UTC, a login, in rotate-1

VERSION  STATE     LOGIN  AGE   FINGERPRINT
v1       previous  -      115d  aa
v2       current   app_b  12d   bb

CONSUMER  UID   TAKES            HAS
web       1000  reread           v2
job       1001  signal HUP       v1, which is not current
cron      1002  command take it  foreign: a value that the store does not know
`);
});

test('show says why a secret is not covered', async () => {
  const { session, stdout } = reporting([
    bare('queue', 'not-covered', 'nobody says what it opens'),
  ]);
  await showSecret({ name: 'queue' }, session);
  expect(stdout.text).toContain('  covered  no: nobody says what it opens\n');
  expect(stdout.text).toContain('  current  none; a deploy makes the first one\n');
});

test('history tells the oldest event first, and that there are older ones', async () => {
  const history = async () => ({ platform: 'lab', name: 'app', events: [proof], truncated: true });
  const { session, stdout, stderr } = scripted({ history });
  Object.assign(session.terminal.stdout, { width: () => 300 });
  expect(await secretHistory({ name: 'app' }, session)).toBe(0);
  expect(cells(stdout.text)).toEqual([
    ['AT', 'VERSION', 'EVENT', 'RUN', 'FACTS'],
    ['2026-11-24 10:00:00 UTC', 'v2', 'proved', 'rotate-1', 'by=a login gapMs=12'],
  ]);
  expect(stderr.text).toContain('older events stand in the journal');
});

const verdict = (name: string, ok: boolean): SecretVerdict => ({
  ...{ name, ok, coverage: 'covered' },
  checks: [{ what: 'the service db', ok, words: ok ? 'accepts v2' : 'refuses v2 with 28P01' }],
});

test('verify ends with 0 where everything is as it should be', async () => {
  const verify = async () => [
    verdict('app', true),
    { name: 'plain', ok: true, coverage: 'not-covered', checks: [] } as const,
  ];
  const { session, stdout, stderr } = scripted({ verify });
  expect(await verifySecrets({ names: [] }, session)).toBe(0);
  expect(cells(stdout.text)).toEqual([
    ['NAME', 'STATE', 'FOUND'],
    ['app', 'ok', 'the service db accepts v2'],
    ['plain', '-', 'is not covered'],
  ]);
  expect(stderr.text).toBe('');
});

test('verify ends with 4 and names the secrets with a fault, quiet or not', async () => {
  const verify = async () => [verdict('app', true), verdict('old', false)];
  const { session, stdout, stderr } = scripted({ verify }, { quiet: true });
  expect(await verifySecrets({ names: [] }, session)).toBe(4);
  expect(cells(stdout.text).at(-1)).toEqual([
    'old',
    'wrong',
    'the service db refuses v2 with 28P01',
  ]);
  expect(stderr.text).toBe('not as it should be: old\n');
});

test('the platform and the names are handed on', async () => {
  const asked: unknown[] = [];
  const verify = async (question: unknown) => {
    asked.push(question);
    return [];
  };
  const { session } = scripted({ verify });
  await verifySecrets({ names: ['app'], platform: 'lab' }, session);
  expect(asked).toEqual([{ platform: 'lab', names: ['app'] }]);
});

test('without a worker nobody is asked', async () => {
  const { session } = scripted({}, {}, 'absent');
  await expect(listSecrets({}, session)).rejects.toMatchObject({ code: 'RB_NO_WORKER' });
});
