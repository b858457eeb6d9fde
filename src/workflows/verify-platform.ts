import { durationMs } from '../shared/duration-ms.ts';
import { runbook } from './engine/runbook.ts';
import { compare, readConfig, verify } from './platform-steps.ts';

/** Reads only: is every service healthy in its role, does anything restart, are there errors in the logs. */
export const verifyPlatform = runbook(async (run) => {
  await readConfig(run);
  const { services, restartCounts } = await compare(run);
  for (const { name, action, reasons } of services) {
    if (action !== 'unchanged') run.find({ name, value: reasons.join('; '), ok: false });
  }
  const since = Date.parse(run.startedAt) - durationMs(String(run.params.since));
  await verify(run, { since: new Date(since).toISOString(), restartCounts, waitMs: 0 });
});
