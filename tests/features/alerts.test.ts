import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { Prometheus, testRules } from '../support/prometheus.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

const opened = new AsyncDisposableStack();
let world: World;
let prometheus: Prometheus;
beforeAll(async () => {
  const address = `127.0.0.1:${await freePort()}`;
  world = await World.open({ platform: 'mini', workerEnv: { RUNBOOK_METRICS_ADDRESS: address } });
  opened.defer(() => world.close());
  prometheus = await Prometheus.start(address);
  opened.defer(() => prometheus.stop());
}, 300_000);
afterAll(() => opened.disposeAsync());

test('each alert fires on what it is for, and not before', async () => {
  expect(await testRules(join(import.meta.dirname, 'alerts.rules-test.yaml'))).toMatch(
    /SUCCESS\s*$/,
  );
}, 300_000);

test('Prometheus takes the rules, and nothing fires while all is well', async () => {
  await world.deployed();
  const rules = await until('all rules were evaluated', async () => {
    const found = await prometheus.rules();
    return found.every(({ health }) => health !== 'unknown') && found;
  });
  expect(rules.length).toBeGreaterThan(4);
  expect(rules.filter(({ health, state }) => health !== 'ok' || state !== 'inactive')).toEqual([]);
});

test('what the dashboard asks for is there after a deploy', async () => {
  const file = join(import.meta.dirname, '..', '..', 'docs', 'monitoring', 'dashboard.json');
  const { panels } = JSON.parse(await readFile(file, 'utf8')) as {
    panels: { targets: { expr: string }[] }[];
  };
  const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  expect(expressions.length).toBeGreaterThan(5);
  // A rate is above nought only once a second scrape has seen a difference: the syntax is what counts here.
  for (const expr of expressions) await prometheus.query(expr.replaceAll('$platform', '.*'));
  const ended = () => prometheus.query('sum(runbook_runs_ended_total)');
  await until('the end of the deploy was scraped', async () => (await ended()) >= 1);
  expect(await prometheus.query('sum(runbook_step_seconds_count)')).toBeGreaterThan(4);
});
