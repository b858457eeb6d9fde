import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readCoverage } from '../../../src/client/local/read-platforms.ts';
import { coverageLines, gapLines } from '../../../src/client/render/coverage.ts';
import { plainStyle } from '../../../src/client/render/style.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rbtest-coverage-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFile(join(folder, name), text);

async function platform(services: string, compose: string) {
  const head =
    'schema: runbook.platform/v1\nname: shop\ncompose: { project: shop, profiles: [on] }\n';
  await write('platform.yaml', `${head}services: ${services}\n`);
  await write('compose.yaml', compose);
  return readCoverage('platform.yaml', folder);
}

test('compose services that the file does not name are there, as a run judges them', async () => {
  await write('more.yaml', 'services:\n  cache: {}\n');
  await write('base.yaml', 'services:\n  template: {}\n');
  const coverage = await platform(
    '{ store: { kind: etcd, members: [e1, e2] } }',
    [
      'include: [more.yaml]',
      'x-e: &e { image: etcd }',
      'services:',
      '  e1: *e',
      '  e2: { <<: *e }',
      '  job: { extends: { file: base.yaml, service: template } }',
      '  web: { depends_on: { job: { condition: service_completed_successfully } } }',
      '  extra: { profiles: [on] }',
      '  other: { profiles: [off] }',
    ].join('\n'),
  );
  const rows = coverage.services.map(({ service, kind, described }) => [service, kind, described]);
  expect(rows).toEqual([
    ['store', 'etcd', true],
    ['job', 'one-shot', false],
    ['web', 'container', false],
    ['extra', 'container', false],
    ['cache', 'container', false],
  ]);
});

test('what is not covered is said by name', async () => {
  const coverage = await platform('{ db: { kind: postgres } }', 'services: { db: {} }');
  const [db] = coverage.services;
  const gap = {
    ...coverage,
    services: db === undefined ? [] : [{ ...db, covered: [], notCovered: ['lifecycle'] as const }],
  };
  expect(gapLines(gap)).toEqual([
    'shop: lifecycle (the order in which members restart) of db is not covered',
  ]);
  expect(coverageLines([gap], 80, plainStyle)).toEqual([
    'SERVICE OF shop  KIND      HEALTH       LIFECYCLE    CREDENTIALS',
    'db               postgres  not covered  not covered  not covered',
  ]);
  const whole = db === undefined ? [] : [{ ...db, covered: ['health'] as const, notCovered: [] }];
  expect(gapLines({ ...coverage, services: whole })).toEqual([
    'shop: every service has every capability there is',
  ]);
});
