import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunReport } from '../../src/shared/report.ts';
import { allCases } from '../support/sample.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

/** The outage itself is what is waited for here; with every case it is as long as the design demands. */
const outageMs = allCases ? 60_000 : 15_000;

const launcher = join(import.meta.dirname, '../../bin/runbook');

let world: World;
beforeAll(async () => {
  world = await World.open({ platform: 'mini', heartbeatTimeoutMs: 3000 });
});
afterAll(() => world.close());
beforeEach(() => world.fresh());

const once = { db: 1, migrate: 1, web: 1 };

/** An image that takes some seconds to build, and is built anew in each test. */
async function slowImage(): Promise<void> {
  await world.platform.edit('Dockerfile', (text) =>
    text
      .replace(/\n# slow [\s\S]*$/, '')
      .concat(`\n# slow ${Date.now()}\nRUN sleep 6 && : ${Date.now()}\n`),
  );
}

function untilStep(handle: WorkflowHandle, step: string, status = 'running') {
  return world.untilState(
    handle,
    (state) => state.steps.some((record) => record.id === step && record.status === status),
    60_000,
  );
}

/** A step that runs may still be at its probe; this is the act itself, under way on the worker. */
function untilActs(handle: WorkflowHandle, activity: string) {
  return until(
    `${activity} is under way`,
    async () => {
      const { raw } = await handle.describe();
      return (raw.pendingActivities ?? []).some(
        ({ activityType, lastStartedTime }) => activityType?.name === activity && lastStartedTime,
      );
    },
    60_000,
  );
}

async function expectOnce(handle: WorkflowHandle): Promise<RunReport> {
  const report = await world.report(handle);
  expect(report.outcome, JSON.stringify(report.error)).toBe('succeeded');
  expect(await world.platform.effects()).toEqual(once);
  return report;
}

describe('a deploy', () => {
  test('outlives its CLI', async () => {
    const cli = world.cli('start', 'deploy', '--yes', '--detach', '--id', 'outlives-cli');
    expect((await cli).exitCode).toBe(0);
    await expectOnce(world.client.workflow.getHandle('outlives-cli'));
    const watched = await world.cli('watch', 'outlives-cli');
    expect(watched.stderr).toContain('Succeeded');
    expect(watched.exitCode).toBe(0);
  });

  test('outlives a CLI that is killed while it watches, and is picked up by the next one', async () => {
    await slowImage();
    const run = 'killed-cli';
    const cli = execa(launcher, ['start', 'deploy', '--yes', '--id', run], {
      reject: false,
      stdin: 'ignore',
      env: { TEMPORAL_ADDRESS: world.server.address, RUNBOOK_STATE_DIR: world.stateDirectory },
    });
    let told = '';
    cli.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
    await until('the CLI tells of the image', async () => told.includes('images running'), 60_000);
    cli.kill('SIGKILL');
    expect(await cli).toMatchObject({ signal: 'SIGKILL' });

    const handle = world.client.workflow.getHandle(run);
    const { status } = await handle.describe();
    expect(status.name).toBe('RUNNING');
    const watched = await world.cli('watch', run);
    expect(watched.stderr).toContain(`run ${run}`);
    expect(watched.stderr).toMatch(/Z {2}images done: .*\n[\s\S]*Z {2}start-web done: /);
    expect(watched.stderr).toContain('Succeeded');
    expect(watched.exitCode).toBe(0);
    await expectOnce(handle);
  });

  test('finishes, with each effect once, when the worker is frozen in the middle of an act', async () => {
    await slowImage();
    const handle = await world.start('deploy');
    await untilActs(handle, 'prepareImages');
    world.worker.signal('SIGSTOP');
    await delay(outageMs);
    world.worker.signal('SIGCONT');
    const report = await expectOnce(handle);
    const images = report.steps.find((step) => step.id === 'images');
    expect(images?.lost).toBeGreaterThanOrEqual(1);
  });

  test('finishes, with each effect once, when the server is away in the middle of an act', async () => {
    await slowImage();
    const handle = await world.start('deploy');
    await untilActs(handle, 'prepareImages');
    await world.server.kill();
    await delay(outageMs);
    await world.server.startAgain();
    await until('the worker polls again', () => untilStep(handle, 'images', 'done'), 120_000);
    await expectOnce(handle);
  });

  test('finishes, with each effect once, when worker and server are killed together', async () => {
    const handle = await world.start('deploy');
    await untilStep(handle, 'start-db');
    await Promise.all([world.worker.kill(), world.server.kill()]);
    await world.server.startAgain();
    world.worker.spawn();
    await world.worker.ready();
    await expectOnce(handle);
  });

  test('does each effect once when it is reset in the middle of an act', async () => {
    await slowImage();
    const handle = await world.start('deploy');
    await untilActs(handle, 'prepareImages');
    const { workflowService } = world.client;
    const { runId } = await handle.describe();
    const history = await handle.fetchHistory();
    const completed = (history.events ?? []).filter(
      (event) => event.workflowTaskCompletedEventAttributes,
    );
    const early = completed[Math.floor(completed.length / 2)];
    await workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: handle.workflowId, runId },
      reason: 'test',
      requestId: `reset-${Date.now()}`,
      workflowTaskFinishEventId: early?.eventId ?? null,
    });
    await expectOnce(world.client.workflow.getHandle(handle.workflowId));
  });
});
