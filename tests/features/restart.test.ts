import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ContainerStarts, countByService } from '../support/container-starts.ts';
import { failureFacts } from '../support/failure-facts.ts';
import { World } from '../support/world.ts';

/** Two more of the web service; the second does not start while a file is there. */
const moreServices = `
  web2:
    <<: *mini
    command: [web]
    env_file: .env
    volumes:
      - ./effects:/effects
  web3:
    <<: *mini
    entrypoint: [sh, -c, "test ! -e /effects/planted && exec entrypoint web"]
    env_file: .env
    volumes:
      - ./effects:/effects
`;
const described = (name: string) =>
  `\n  ${name}: { kind: http, healthTimeout: 6s, minHealthyTime: 0s, settings: { port: 8080, path: /healthz } }`;

let world: World;
let starts: ContainerStarts;
beforeAll(async () => {
  world = await World.open({ platform: 'mini' });
  await world.platform.edit('compose.yaml', (text) =>
    text.replace('\nvolumes:\n', `${moreServices}\nvolumes:\n`),
  );
  await world.platform.edit(
    'platform.yaml',
    (text) => `${text.trimEnd()}${described('web2')}${described('web3')}\n`,
  );
  await world.deployed();
  starts = ContainerStarts.listen(world.platform.project);
});
afterAll(async () => {
  await starts?.stop();
  await world?.close();
});
beforeEach(() => starts.take());

const planted = () => join(world.platform.directory, 'effects', 'planted');
const restart = (services: string, ...flags: string[]) =>
  world.cli('start', 'restart', '--set', `services=${services}`, ...flags);

test('a plan says what restarts, in which order, and how long it may be away', async () => {
  const { stdout, exitCode } = await restart('web,db', '--plan');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('2 services: db; web');
  expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
    /~ restart\/db restart db; db is away until it is ready, within 30 s now: running · an undo leaves it/,
  );
  expect(starts.take()).toEqual([]);
});

test('restarts the named services, dependencies first, each once, and no other', async () => {
  const before = (await world.platform.containers()).map(({ id }) => id).sort();
  const { exitCode, stderr } = await restart('web,db', '--yes');
  expect(exitCode, stderr).toBe(0);
  expect(starts.take().map(({ service }) => service)).toEqual(['db', 'web']);
  expect((await world.platform.containers()).map(({ id }) => id).sort()).toEqual(before);
});

test('holds the locks of its services alone', async () => {
  const report = await world.report(
    await world.start('restart', { params: { services: ['web2'] } }),
  );
  const { name } = world.platform;
  expect(report.locks.map(({ key, mode }) => `${key} ${mode}`)).toEqual([
    `${name} intent`,
    `${name}/web2 exclusive`,
  ]);
});

describe('one of three that does not come back', () => {
  test('stops the rest, and a retry touches only it and what was not started', async () => {
    await writeFile(planted(), '');
    const run = await world.start('restart', {
      params: { services: ['db', 'web2', 'web3'], max: 2 },
    });
    const parked = await world.untilState(run, ({ state }) => state === 'parked', 60_000);
    expect(parked.steps.find(({ id }) => id === 'restart')?.targets).toEqual([
      { name: 'db', status: 'done' },
      { name: 'web2', status: 'done' },
      { name: 'web3', status: 'failed' },
    ]);
    expect(countByService(starts.take())).toEqual({ db: 1, web2: 1, web3: 1 });
    const status = await world.cli('status', run.workflowId);
    expect(status.stdout).toContain('RB_TARGETS_FAILED');

    await rm(planted());
    const decided = await world.cli(
      ...['decide', run.workflowId, '--retry-with', 'max=1', '--why', 'the file is gone'],
    );
    expect(decided.exitCode, decided.stderr).toBe(0);
    expect(decided.stderr).toContain('max: 2 -> 1');
    const report = await world.report(run);
    expect(report).toMatchObject({ outcome: 'succeeded', params: { max: 1 } });
    expect(countByService(starts.take())).toEqual({ web3: 1 });
  });

  test('a bad parameter is refused with its problem and leaves the run parked', async () => {
    await writeFile(planted(), '');
    const run = await world.start('restart', { params: { services: ['web3', 'web2'] } });
    await world.untilState(run, ({ state }) => state === 'parked', 60_000);
    const decide = (edit: string) =>
      world.cli('decide', run.workflowId, '--retry-with', edit, '--why', 'a test');
    for (const [edit, words] of [
      ['max=0', 'params.max: expected a whole number from 1 to 64, got 0'],
      ['services=web', 'params.services: expected no change'],
    ] as const) {
      const { exitCode, stderr } = await decide(edit);
      expect(exitCode).not.toBe(0);
      expect(stderr.replaceAll(/\s+/g, ' ')).toContain(words);
    }
    await rm(planted());
    await world.cli('decide', run.workflowId, '--abort', '--why', 'enough');
    expect(await world.report(run)).toMatchObject({ outcome: 'failed' });
  });
});

test.each([
  [[], /params\.services: expected a list of 1 to 256 services/],
  [['web', 'nope'], /params\.services: expected one of .*got "nope"/],
  [['migrate'], /migrate is a job: it runs once and ends/],
])('%j is refused before anything is touched', async (services, words) => {
  const run = await world.start('restart', {
    params: { services },
    options: { onFailure: 'abort' },
  });
  expect((await failureFacts(run)).why).toMatch(words);
  expect(starts.take()).toEqual([]);
});
