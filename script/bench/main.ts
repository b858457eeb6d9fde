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
  const steps = (type: string, n: number) => run(type, [{ params: { steps: n } }]);
  const bare = (n: number) => run('bare', [n]);
  try {
    await steps('full-steps', 20);
    await bare(20);
    const firstActivity: number[] = [];
    for (let n = 0; n < 20; n += 1) {
      const startedMs = performance.now();
      const begun = world.nextCall();
      const done = bare(1);
      firstActivity.push((await begun) - startedMs);
      await done;
    }
    const [act, activity] = await sideBySide(
      (n) => steps('act-only', n),
      (n) => bare(n),
    );
    const [full, activities] = await sideBySide(
      (n) => steps('full-steps', n),
      (n) => bare(3 * n),
    );
    const empty = await timesMs(10, () => steps('act-only', 0));
    return [
      { name: 'start to first activity, p50', ms: median(firstActivity), budgetMs: 25 },
      compared('a step with only an act against a bare activity', act, activity, 1.5),
      compared('a full step against three bare activities', full, activities, 1.5),
      { name: 'a run without steps: input, lock, report', ms: median(empty) },
    ];
  } finally {
    await world.close();
  }
}

const rounds = 8;
const [few, many] = [5, 25];

/** What one more step costs, in ms, of two ways in turn, so that a change in the machine's mood meets both. */
async function sideBySide(
  ours: (steps: number) => Promise<unknown>,
  theirs: (steps: number) => Promise<unknown>,
): Promise<[number[], number[]]> {
  const costs: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    for (const [side, run] of [ours, theirs].entries()) {
      const short = await timeMs(() => run(few));
      const long = await timeMs(() => run(many));
      costs[side]?.push((long - short) / (many - few));
    }
  }
  return costs;
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
    const judged =
      (budget ?? budgetMs) === undefined ? '' : `budget ${limit.padStart(7)}  ${verdict}`;
    process.stdout.write(
      `${name.padEnd(58)} ${value.padStart(10)}  ${judged}`.trimEnd().concat('\n'),
    );
  }
  process.stdout.write(`${JSON.stringify(machine)} in ${(tookMs / 1000).toFixed(0)} s\n`);
}
