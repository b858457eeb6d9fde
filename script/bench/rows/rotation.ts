import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { RunReport } from '../../../src/shared/report.ts';
import { askCanary } from '../../../tests/support/canary.ts';
import { World } from '../../../tests/support/world.ts';
import { compared, type Figure, type Row, shown, sideBySide, timeMs } from '../measure.ts';

const byHand = join(import.meta.dirname, '..', 'rotate-by-hand.sh');
const phases = ['mint', 'switch', 'take', 'consumers', 'retire', 'finish'];

/** A secret of the lab's canary, which account of the script's own is like it, and how many times its time it may take. */
const credentials = [
  { secret: 'postgres-canary-single', target: 'postgres-single', like: 'single', atMost: 6 },
  { secret: 'postgres-canary', target: 'postgres', like: 'alternating', atMost: 8 },
  { secret: 's3-canary', target: 'minio', like: 'access-key', atMost: 1.5 },
] as const;

/** The real runbook on the reference platform, whose canary logs in twenty times a second to each of its targets. */
export const rotation: Row = {
  name: 'rotation',
  what: 'rotate-secrets against a shell script with psql and mc',
  measure: async (quick) => {
    const world = await World.open({ platform: 'lab' });
    const files = await mkdtemp(join(tmpdir(), 'rbtest-by-hand-'));
    try {
      await world.platform.edit('platform.yaml', (text) =>
        text.replace(/(CANARY_RATE_PER_SECOND:[\s\S]*?default: )"\d+"/, '$1"20"'),
      );
      await world.deployed();
      const whole = await rotated(world, { all: true });
      // How long a consumer is watched after a change is a setting, and no script waits.
      await world.platform.edit('platform.yaml', (text) =>
        text.replace('canary: { kind: http, ', '$&minHealthyTime: 0s, '),
      );
      await runByHand(world, files, 'setup');
      const figures: Figure[] = [];
      for (const credential of credentials) {
        figures.push(...(await measureOne(world, files, credential, quick ? 2 : 8)));
      }
      return [...figures, wholeRotation(whole)];
    } finally {
      await rm(files, { recursive: true, force: true });
      await world.close();
    }
  },
};

async function measureOne(
  world: World,
  files: string,
  { secret, target, like, atMost }: (typeof credentials)[number],
  rounds: number,
): Promise<Figure[]> {
  const gapsMs: number[] = [];
  const seen = { logins: 0, refused: 0, longestGapMs: 0 };
  const pair = await sideBySide(
    rounds,
    async () => {
      await askCanary(world.platform, true);
      const tookMs = await timeMs(async () =>
        gapsMs.push(rereadGapMs(await rotated(world, { secrets: [secret] }))),
      );
      const counters = (await askCanary(world.platform))[target];
      seen.logins += counters.connects + counters.failures;
      seen.refused += counters.failures;
      seen.longestGapMs = Math.max(seen.longestGapMs, counters.longestGapMs);
      return tookMs;
    },
    () => timeMs(() => runByHand(world, files, like)),
  );
  const time = compared(`rotation of ${secret}`, 'a script with psql and mc', pair, atMost);
  const canary = `the canary's longest time without a login: ${seen.longestGapMs} ms`;
  const effect: Figure =
    like === 'single'
      ? {
          what: `${secret}: a client that rereads its file has no login for`,
          value: Math.max(...gapsMs),
          unit: 'ms',
          budget: { atMost: 250 },
          detail: `the longest of ${gapsMs.join(', ')} ms; ${canary}`,
        }
      : {
          what: `${secret}: logins that failed`,
          value: seen.refused,
          unit: 'logins',
          budget: { atMost: 0 },
          detail: `of ${seen.logins} in ${rounds} rotations; ${canary}`,
        };
  return [time, effect];
}

/** What it costs by phase says where a change would tell. */
function wholeRotation(report: RunReport): Figure {
  const parts = phases.map((phase) => `${phase} ${shown(phaseMs(report, phase))}`);
  const secrets = report.steps.filter(({ id }) => id.startsWith('finish-')).length;
  return {
    what: `all ${secrets} secrets of the lab, with restarts of their consumers`,
    value: lasted(report) / 1000,
    unit: 's',
    detail: parts.join(', '),
  };
}

const lasted = ({ startedAt, endedAt }: { startedAt?: string; endedAt?: string }) =>
  Date.parse(endedAt ?? '') - Date.parse(startedAt ?? '');

/** Of a fan-out only the whole counts: its targets are steps of their own. */
const phaseMs = ({ steps }: RunReport, phase: string) =>
  steps
    .filter(({ id }) => id.startsWith(`${phase}-`) && !id.includes('/'))
    .reduce((sumMs, step) => sumMs + lasted(step), 0);

const rereadGapMs = ({ findings }: RunReport) =>
  Number.parseFloat(
    findings.find(({ name }) => name.startsWith('gap of clients that reread'))?.value ?? '0',
  );

async function rotated(world: World, params: object): Promise<RunReport> {
  const report = await world.report(await world.start('rotate-secrets', { params }));
  if (report.outcome !== 'succeeded') throw new Error(report.summary);
  return report;
}

async function runByHand({ platform }: World, files: string, what: string): Promise<void> {
  const secrets = join(platform.directory, '.secrets');
  await execa(byHand, [platform.project, secrets, files, what], { stdin: 'ignore' });
}
