import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EditionPlatform, overlaps, wholeFootprint } from '../support/edition-platform.ts';
import { casesOf, Proof } from '../support/proof.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

/** Starts at once, of every kind; half of those through the API change the platform. */
const starts = { cli: casesOf(2, 6), schedules: casesOf(4, 8), api: casesOf(8, 36) };
const total = starts.cli + starts.schedules + starts.api;
const kills = casesOf(1, 3);

const runbookOf = (index: number) => (index % 2 === 0 ? 'deploy' : 'verify-platform');

describe('many runs on one platform, from CLI, UI and schedules at once,', () => {
  let world: World;
  let platform: EditionPlatform;
  beforeAll(async () => {
    world = await World.open({ platform: 'mini', heartbeatTimeoutMs: 2000 });
    const schedules = Array.from(
      { length: starts.schedules },
      (_, n) => `  s${n}: { runbook: ${runbookOf(n)}, cron: 30 2 * * * }\n`,
    );
    platform = await EditionPlatform.make(world.platform, `schedules:\n${schedules.join('')}`);
    await world.deployed();
    platform.start();
  });
  afterAll(async () => {
    await platform?.stop();
    await world?.close();
  });

  async function fromCli(runbook: string): Promise<WorkflowHandle> {
    const yes = runbook === 'deploy' ? ['--yes'] : [];
    const { stdout, exitCode, stderr } = await world.cli('start', runbook, ...yes, '--detach');
    expect(exitCode, stderr).toBe(0);
    return world.client.workflow.getHandle(stdout.trim());
  }

  async function fromSchedule(name: string): Promise<WorkflowHandle> {
    const schedule = world.client.schedule.getHandle(`${world.platform.name}/${name}`);
    await schedule.trigger();
    const started = async () => {
      const [latest] = (await schedule.describe()).info.recentActions;
      return latest && world.client.workflow.getHandle(latest.action.workflow.workflowId);
    };
    return until(`the schedule ${name} has started a run`, started, 60_000);
  }

  /** Kills the worker while a container of some run is at work. */
  async function killInTheMiddle(before: number): Promise<void> {
    await until(
      'a run is in the middle of its acts',
      async () => {
        const all = await platform.footprints();
        return all.length > before && (all.at(-1)?.acts.length ?? 6) < wholeFootprint.length;
      },
      60_000,
    );
    await world.worker.kill();
    world.worker.spawn();
    await world.worker.ready();
  }

  test(
    'never overlap where they change it, also when the worker is killed in the middle',
    async () => {
      const proof = new Proof('locks', 'concurrent starts');
      const file = world.platform.platformFile;
      expect((await world.cli('schedule', 'apply', file, '--yes')).exitCode).toBe(0);
      const already = (await platform.footprints()).length;
      const starting = Promise.all([
        ...Array.from({ length: starts.cli }, (_, n) => fromCli(runbookOf(n))),
        ...Array.from({ length: starts.schedules }, (_, n) => fromSchedule(`s${n}`)),
        ...Array.from({ length: starts.api }, (_, n) => world.start(runbookOf(n))),
      ]);
      // Waited for below; it may fail before.
      starting.catch(() => undefined);
      for (let killed = 0; killed < kills; killed += 1) await killInTheMiddle(already + killed);
      const handles = await starting;
      const reports = await Promise.all(handles.map((handle) => world.report(handle)));
      await platform.stop();

      expect(new Set(reports.map(({ trigger }) => trigger))).toEqual(
        new Set(['cli', 'schedule', 'ui']),
      );
      expect(reports.filter(({ outcome }) => outcome !== 'succeeded')).toEqual([]);
      const deploys = reports.filter(({ runbook }) => runbook === 'deploy').length;
      const seen = (await platform.footprints()).slice(already);
      // Every deploy has left its traces, whole and once: the detector has missed none.
      expect(seen.map(({ acts }) => acts)).toEqual(
        Array.from({ length: deploys }, () => wholeFootprint),
      );
      expect(overlaps(seen)).toEqual([]);
      await proof.shown(total, { deploys, kills, overlaps: 0 });
    },
    casesOf(240_000, 1_200_000),
  );
});

test('without the lock the same detector finds overlaps', async () => {
  const workerScript = join(import.meta.dirname, 'unlocked-worker.ts');
  const world = await World.open({ platform: 'mini', workerScript });
  const platform = await EditionPlatform.make(world.platform);
  try {
    await world.deployed();
    platform.start();
    const already = (await platform.footprints()).length;
    const request = { options: { onFailure: 'abort' } };
    const runs: WorkflowHandle[] = [];
    for (let count = 0; count < 4; count += 1) {
      // One after the other, so that each reads another edition; a deploy takes many times as long.
      runs.push(await world.start('deploy', request));
      await delay(400);
    }
    await Promise.all(runs.map((run) => world.report(run)));
    const found = overlaps((await platform.footprints()).slice(already));
    expect(found.length).toBeGreaterThan(0);
    await new Proof('locks', 'control without locks').shown(runs.length, {
      overlaps: found.length,
    });
  } finally {
    await platform.stop();
    await world.close();
  }
});
