import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { RunReport } from '../../src/shared/report.ts';
import { allCases } from '../support/sample.ts';
import { historyText, leaks, secretValues, textsBelow } from '../support/secret-leaks.ts';
import { World } from '../support/world.ts';

/** Every credential of the reference platform, with a client that logs in twenty times a second. */

let world: World;
beforeAll(async () => {
  world = await World.open({ platform: 'lab' });
  await world.platform.edit('platform.yaml', (text) =>
    text.replace(/(CANARY_RATE_PER_SECOND:[\s\S]*?default: )"\d+"/, '$1"20"'),
  );
  await world.deployed();
});
afterAll(() => world?.close());

interface Counters {
  readonly connects: number;
  readonly failures: number;
  readonly credentialRefused: number;
  readonly longestGapMs: number;
  readonly login: string;
}

async function canary(path: string, method = 'GET'): Promise<Record<string, Counters>> {
  const port = /^CANARY_PORT=(\d+)$/m.exec(await world.platform.read('.env'))?.[1];
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method });
  return (await answer.json()) as Record<string, Counters>;
}

async function rotate(params: object): Promise<RunReport> {
  await canary('/reset', 'POST');
  const report = await world.report(await world.start('rotate-secrets', { params }));
  expect(report.outcome, JSON.stringify(report.error)).toBe('succeeded');
  for (const { name, value, ok } of report.findings) {
    process.stdout.write(`lab rotation: ${name}: ${value}${ok === false ? ' (!)' : ''}\n`);
  }
  return report;
}

const names = async (): Promise<string[]> =>
  Object.keys(parse(await world.platform.read('platform.yaml')).secrets.items);

const gapMs = ({ findings }: RunReport, secret: string) =>
  Number(
    findings
      .find(({ name }) => name === `gap of clients that reread (${secret})`)
      ?.value.split(' ')[0],
  );

const refusalOf = ({ findings }: RunReport, secret: string) =>
  findings.find(({ name }) => name.startsWith(`${secret}@`))?.value;

describe('a rotation on the reference platform', () => {
  test.each([
    ['s3-canary', 'minio', /InvalidAccessKeyId|SignatureDoesNotMatch/],
    ['postgres-canary', 'postgres', /28000|28P01/],
  ])('of two logins side by side (%s) refuses no login', async (secret, target, refusal) => {
    for (const round of [1, 2]) {
      const report = await rotate({ secrets: [secret] });
      const counters = (await canary('/counters'))[target];
      expect(counters, `round ${round}`).toMatchObject({ credentialRefused: 0, failures: 0 });
      expect(refusalOf(report, secret)).toMatch(refusal);
    }
  });

  test('of one login leaves a client that rereads its file without it for a moment, which is measured', async () => {
    const report = await rotate({ secrets: ['postgres-canary-single'] });
    // How long it is here is for the benchmark to say; that it was measured, and ended, is for this.
    expect(gapMs(report, 'postgres-canary-single')).toBeGreaterThan(0);
    expect(gapMs(report, 'postgres-canary-single')).toBeLessThan(5000);
    const counters = (await canary('/counters'))['postgres-single'];
    process.stdout.write(
      `lab rotation: the canary's own longest gap: ${counters?.longestGapMs} ms\n`,
    );
    expect(refusalOf(report, 'postgres-canary-single')).toBe('refused: 28P01');
  });

  // Minutes of restarts of every consumer: `script/test --all`. What a run does to one secret must not matter to the
  // next one, whichever comes first: those who administer, and those who are administered.
  test.runIf(allCases).each([
    ['in the order of the platform file', async () => ({ all: true })],
    ['in the order as it is named', async () => ({ secrets: (await names()).reverse() })],
  ])(
    'of everything, %s, ends with every old value refused, and nothing else harmed',
    async (_, params) => {
      const report = await rotate(await params());
      const verified = await world.report(await world.start('verify-platform'));
      expect(verified.outcome, JSON.stringify(verified.error)).toBe('succeeded');
      const refused = report.findings.filter(({ value }) => value.startsWith('refused: '));
      expect(refused).toHaveLength(
        report.findings.filter(({ name }) => name.startsWith('version of ')).length,
      );
      expect((await canary('/counters')).postgres).toMatchObject({ credentialRefused: 0 });
    },
  );

  test('leaves no value in histories, logs, processes or containers', async () => {
    const values = await secretValues(world.platform.directory);
    const places: [string, string][] = [...(await textsBelow(world.stateDirectory))];
    for await (const { workflowId } of world.client.workflow.list()) {
      places.push([workflowId, await historyText(world.client.workflow.getHandle(workflowId))]);
    }
    expect(leaks(values, places)).toEqual([]);
  });
});
