import { durationMs } from '../shared/duration-ms.ts';
import { runbook } from './engine/runbook.ts';
import { compare, isUnsure, readConfig, verify } from './platform-steps.ts';

/** Reads only: is every service healthy in its role, does anything restart, are there errors in the logs. */
export const verifyPlatform = runbook(async (run) => {
  await readConfig(run);
  const { services, restartCounts } = await compare(run);
  for (const service of services) {
    const { name, action, reasons } = service;
    // That nobody has deployed it with runbook yet is no fault of a platform.
    if (action !== 'unchanged')
      run.find({ name, value: reasons.join('; '), ok: isUnsure(service) });
  }
  const since = Date.parse(run.startedAt) - durationMs(String(run.params.since));
  await verify(run, { since: new Date(since).toISOString(), restartCounts, waitMs: 0 });
});
