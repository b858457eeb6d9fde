import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ErrorFacts } from '../../src/shared/errors.ts';
import { parkedErrors, parkedOrOver, retryUntilOver } from '../support/parked.ts';
import { Proof } from '../support/proof.ts';
import { allCases, shuffled } from '../support/sample.ts';
import { leaks, secretValues } from '../support/secret-leaks.ts';
import { mountProblem, SmallDisk } from '../support/small-disk.ts';
import { CrashHarness, type CrashPoint, nameOf } from './harness.ts';

const sampleMs = 45_000;
const timeoutMs = allCases ? 8 * 3_600_000 : sampleMs + 180_000;

const problem = await mountProblem();
if (problem !== undefined) process.stdout.write(`no full disks here: ${problem}\n`);

type DiskName = 'state' | 'platform';

/** A way in which a disk is full at a point. */
interface Fullness {
  readonly disk: DiskName;
  /** How many more pages can be written; `inodes`: no further file, whatever its size. */
  readonly left: number | 'inodes';
  readonly point: CrashPoint;
}

const nameOfCase = ({ disk, left, point }: Fullness) =>
  `${disk} disk, ${left === 'inodes' ? 'no inode' : `${left} pages`} left, ${nameOf(point)}`;

/** The acts that write most: what happens in their middle depends on how much is left. */
const writers =
  /^(writeEnvironment|readConfig|recordRelease|saveReport|resolve|environmentVerdict) /;

function everyCase(points: readonly CrashPoint[]): Fullness[] {
  return points.flatMap((point) => {
    const before = point.when === 'before';
    const onPlatform = before && /^writeEnvironment /.test(point.call);
    const lefts = before && writers.test(point.call) ? ([0, 1, 2, 3, 5, 'inodes'] as const) : [0];
    const disks: DiskName[] = onPlatform ? ['state', 'platform'] : ['state'];
    return disks.flatMap((disk) => lefts.map((left) => ({ disk, left, point })));
  });
}

describe.skipIf(problem !== undefined)('a disk that is full', () => {
  let harness: CrashHarness;
  let effects: string;
  let points: CrashPoint[];
  const disks = new Map<DiskName, SmallDisk>();
  beforeAll(async () => {
    effects = await mkdtemp(join(tmpdir(), 'rbtest-effects-'));
    harness = await CrashHarness.open({
      runbook: 'deploy',
      prepare: (world) => world.fresh(),
      request: () => ({ options: { onFailure: 'park' } }),
    });
    const { platform, stateDirectory } = harness.world;
    // What the containers write themselves is not what is looked at.
    await platform.edit('compose.yaml', (text) => text.replaceAll('./effects:', `${effects}:`));
    disks.set('state', await SmallDisk.over(stateDirectory));
    disks.set('platform', await SmallDisk.over(platform.directory));
    points = await harness.points();
  });
  afterAll(async () => {
    for (const disk of disks.values()) await disk.remove();
    await harness?.close();
    await rm(effects, { recursive: true, force: true });
  });

  async function meetsFullDisk(how: Fullness): Promise<string> {
    const { world } = harness;
    const disk = disks.get(how.disk) as SmallDisk;
    const told: ErrorFacts[] = [];
    const there = await harness.interrupt(how.point, async (handle, goOn) => {
      if (how.left === 'inodes') disk.useUpInodes();
      else disk.fill(how.left);
      await goOn();
      try {
        const state = await parkedOrOver(world, handle);
        if (state.error) told.push(state.error);
        told.push(...parkedErrors(state));
      } finally {
        disk.free();
      }
      await retryUntilOver(world, handle);
    });
    expect(there.reached).toBe(true);
    for (const { code, what, why, fix } of told) {
      expect({ code, what }).toEqual({
        code: 'RB_DISK_FULL',
        what: expect.stringMatching(/full$/),
      });
      expect(why && fix).toBeTruthy();
    }
    const report = await world.report(there.handle);
    if (report.outcome !== 'succeeded') {
      // It could not even begin, and has said so: the next one does.
      expect(told).not.toEqual([]);
      expect(await world.report(await world.start('deploy'))).toMatchObject({
        outcome: 'succeeded',
      });
    }
    const seen = harness.effects();
    expect(seen.effects).toEqual(seen.wanted);
    await expectWhole();
    return `${told.length > 0 ? `told ${told.length}, then ` : ''}${report.outcome ?? 'refused'}`;
  }

  /** Every file that was written is whole, and what was delivered is what the store holds. */
  async function expectWhole(): Promise<void> {
    const { platform, stateDirectory } = harness.world;
    const files = (await readdir(stateDirectory, { recursive: true })).map(String);
    for (const file of files.filter((name) => name.endsWith('.json'))) {
      const text = await readFile(join(stateDirectory, file), 'utf8');
      expect(() => JSON.parse(text), file).not.toThrow();
    }
    const besides = (await readdir(platform.directory, { recursive: true })).map(String);
    expect([...files, ...besides].filter((name) => /\.tmp(-|$)/.test(name))).toEqual([]);
    const values = await secretValues(platform.directory);
    for (const [name, value] of values) expect(value, name).toMatch(/^\w{32}$/);
    const places = await Promise.all(
      ['.env', '.secrets/delivered/db/db-password', '.secrets/delivered/migrate/db-password'].map(
        async (file) => [file, await platform.read(file)] as const,
      ),
    );
    expect(leaks(values, places)).toEqual([
      'env.WEB_TOKEN@v1 in .env',
      'db-password@v1 in .secrets/delivered/db/db-password',
      'db-password@v1 in .secrets/delivered/migrate/db-password',
    ]);
  }

  test(
    'parks the run or ends it with words that help; nothing half written counts later',
    async () => {
      const proof = new Proof('disk-full', 'deploy');
      const every = everyCase(points).filter((one) =>
        nameOfCase(one).includes(process.env.RUNBOOK_TEST_CASE ?? ''),
      );
      // The writers first: most calls write little.
      const order = allCases
        ? every
        : shuffled(every, proof.seed).sort(
            (a, b) => Number(writers.test(b.point.call)) - Number(writers.test(a.point.call)),
          );
      const cases: object[] = [];
      const deadline = Date.now() + sampleMs;
      let told = 0;
      for (const one of order) {
        if (!allCases && Date.now() > deadline) break;
        try {
          const outcome = await meetsFullDisk(one);
          if (outcome.startsWith('told')) told += 1;
          cases.push({ case: nameOfCase(one), outcome });
        } catch (error) {
          throw new Error(`${nameOfCase(one)} (seed ${proof.seed})`, { cause: error });
        }
      }
      // A disk that nobody has found full shows nothing. Only a report's copy is done without: the run has the report.
      if (process.env.RUNBOOK_TEST_CASE === undefined) expect(told).toBeGreaterThan(0);
      await proof.shown(cases.length, allCases ? { cases } : { of: every.length, told });
    },
    timeoutMs,
  );
});
