import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { taskQueue } from '../../src/shared/messages.ts';
import { World } from '../../tests/support/world.ts';
import { ToyWorld } from '../../tests/workflows/toy-world.ts';
import { runCommand } from './command.ts';
import { compared, type Figure, median, timeMs, timesMs } from './measure.ts';

/**
 * `npm run bench [-- --json]`: the budgets of the design, measured side by side in one run and given as ratios.
 */
const packageRoot = join(import.meta.dirname, '..', '..');

async function engineFigures(): Promise<Figure[]> {
  const world = await ToyWorld.open(join(import.meta.dirname, 'workflows.ts'));
  let count = 0;
  const run = (type: string, args: unknown[]) =>
    world.client.workflow.execute(type, { taskQueue, workflowId: `bench-${++count}`, args });
  try {
    await run('act-only', [{}]);
    await run('bare', [20]);
    const firstActivity: number[] = [];
    for (let n = 0; n < 20; n += 1) {
      const startedMs = performance.now();
      const begun = world.nextCall();
      const done = run('bare', [1]);
      firstActivity.push((await begun) - startedMs);
      await done;
    }
    const act = await timesMs(10, () => run('act-only', [{}]));
    const bare20 = await timesMs(10, () => run('bare', [20]));
    const full = await timesMs(10, () => run('full-steps', [{}]));
    const bare60 = await timesMs(10, () => run('bare', [60]));
    return [
      { name: 'start to first activity, p50', ms: median(firstActivity), budgetMs: 25 },
      compared('20 act-only steps against 20 bare activities', act, bare20, 1.5),
      compared('20 full steps against 60 bare activities', full, bare60, 1.5),
    ];
  } finally {
    await world.close();
  }
}

async function cliFigures(): Promise<Figure[]> {
  const help = await timesMs(10, () => runCommand(join(packageRoot, 'bin', 'runbook'), ['--help']));
  const node = await timesMs(10, () => runCommand(process.execPath, ['-e', '0']));
  return [compared('runbook --help against node -e 0', help, node, 2.5)];
}

async function deployFigures(): Promise<Figure[]> {
  const world = await World.open({ platform: 'mini' });
  try {
    const compose = join(packageRoot, '.tools', 'bin', 'docker-compose');
    const up = [
      '--project-name',
      world.platform.project,
      '--project-directory',
      world.platform.directory,
    ];
    await world.deployed();
    const ours = await timesMs(5, () => world.deployed());
    // Compose runs the finished one-shot again each time; that is its way, and part of what is compared.
    const theirs = await timesMs(5, () =>
      runCommand(compose, [...up, 'up', '-d', '--wait', 'db', 'web']),
    );
    return [compared('no-change deploy against docker compose up -d --wait', ours, theirs, 1.5)];
  } finally {
    await world.close();
  }
}

const figures: Figure[] = [];
const tookMs = await timeMs(async () => {
  for (const part of [engineFigures, cliFigures, deployFigures]) figures.push(...(await part()));
});
const machine = {
  node: process.version,
  cpus: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
};
if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify({ machine, figures }, undefined, 2)}\n`);
} else {
  for (const { name, ms, ratio, budget, budgetMs } of figures) {
    const value = ratio === undefined ? `${ms.toFixed(1)} ms` : `${ratio.toFixed(2)} x`;
    const limit = budget === undefined ? `${budgetMs} ms` : `${budget} x`;
    const verdict = (ratio ?? ms) <= (budget ?? budgetMs ?? 0) ? 'ok' : 'over';
    process.stdout.write(
      `${name.padEnd(58)} ${value.padStart(10)}  budget ${limit.padStart(7)}  ${verdict}\n`,
    );
  }
  process.stdout.write(`${JSON.stringify(machine)} in ${(tookMs / 1000).toFixed(0)} s\n`);
}
