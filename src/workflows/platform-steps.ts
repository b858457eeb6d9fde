import type { Comparison } from '../activities/compare.ts';
import type { ConfigSummary } from '../activities/compose.ts';
import type { RecordedRelease, ReleaseSummary } from '../activities/release.ts';
import { settledWords } from '../report/settled-words.ts';
import type { Gates } from './bring-up.ts';
import type { Run } from './engine/run.ts';

/** Steps that every runbook about the whole platform shares. */

/** A runbook that looks twice calls the second look by another name. */
interface StepName {
  readonly id: string;
  readonly title: string;
}

export function readConfig(
  run: Run,
  name: StepName = { id: 'config', title: 'Validate the compose configuration' },
): Promise<ConfigSummary> {
  return run.step({
    ...name,
    risk: 'read',
    needed: true,
    act: async (a) => {
      if (run.mode === 'apply') return a.readConfig({});
      // In a plan the environment file may not be written yet: read it as it would be.
      const { path } = await a.prospectiveEnvFile({});
      return a.readConfig({ envFile: path });
    },
    actLimit: '1m',
    // The digest stands in the plan, so an approval is bound to what the files say, not only to what changes.
    result: ({ services, digest }) =>
      `${services.length} services, configuration ${digest.slice(0, 12)}`,
  });
}

export function compare(
  run: Run,
  name: StepName = { id: 'compare', title: 'Compare with what runs' },
): Promise<Comparison> {
  return run.step({
    ...name,
    risk: 'read',
    needed: true,
    act: (a) => a.compareWithRunning({}),
    result: ({ services, orphans }) => {
      const counts = new Map<string, number>();
      for (const service of services) {
        const { action } = service;
        const what = isUnsure(service) ? `perhaps to ${action}` : `to ${action}`;
        const words = action === 'unchanged' ? action : what;
        counts.set(words, (counts.get(words) ?? 0) + 1);
      }
      const words = [...counts].map(([what, count]) => `${count} ${what}`);
      if (orphans.length > 0) words.push(`orphans: ${orphans.join(', ')}`);
      return words.join(', ');
    },
  });
}

/** Whether only the build of an image that somebody made by hand can tell if anything has to change. */
export const isUnsure = ({ members }: Comparison['services'][number]): boolean =>
  members.every(({ action, unsure }) => action === 'unchanged' || unsure === true) &&
  members.some(({ unsure }) => unsure === true);

interface Verification {
  /** Log lines before this time are not looked at; ISO 8601. */
  readonly since: string;
  readonly restartCounts: Comparison['restartCounts'];
  /** How long services may take to become healthy as a whole. */
  readonly waitMs: number;
}

export async function verify(run: Run, verification: Verification): Promise<void> {
  const inPlan = 'verified after the changes';
  const health = await run.step({
    id: 'verify-health',
    title: 'Verify the health of every service',
    risk: 'read',
    act: (a) => a.verifyHealth({ waitMs: verification.waitMs }),
    inPlan,
    actLimit: '5m',
    result: ({ summary }) => summary,
  });
  for (const { service, summary, healthy } of health?.services ?? []) {
    run.find({ name: `health of ${service}`, value: summary, ok: healthy });
  }
  await run.step({
    id: 'verify-restarts',
    title: 'Verify that nothing restarts',
    risk: 'read',
    act: (a) => a.verifyRestarts({ sinceCounts: verification.restartCounts }),
    inPlan,
    result: ({ summary }) => summary,
  });
  await run.step({
    id: 'verify-logs',
    title: 'Look for new errors in the logs',
    risk: 'read',
    act: (a) => a.verifyLogs({ since: verification.since }),
    inPlan,
    actLimit: '2m',
    result: ({ summary }) => summary,
  });
}

/** Nothing that was touched may fall over within its minimum healthy time. */
export async function settle(run: Run, gates: Gates): Promise<void> {
  await run.step({
    id: 'settle',
    title: 'Watch for the minimum healthy time',
    risk: 'read',
    act: (a) => a.settle({ targets: [...gates.values()] }),
    inPlan: 'watched after the changes',
    actLimit: '10m',
    result: ({ summary }) => settledWords(summary, gates.size, run.progress.steps),
  });
}

export async function recordRelease(run: Run): Promise<void> {
  const release = await run.step<ReleaseSummary | RecordedRelease>({
    id: 'record',
    title: 'Record the release',
    risk: 'reversible',
    probe: (a) => a.releaseVerdict({}),
    act: (a) => a.recordRelease({}),
    undo: (a) => a.restorePreviousRelease({}),
    actLimit: '1m',
    result: ({ number }) => `release ${number}`,
  });
  if (release) run.find({ name: 'release', value: `${release.number} (${release.digest})` });
}
