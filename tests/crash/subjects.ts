import type { CrashSubject } from './harness.ts';

/** Each runbook joins the crash tests by a line here. */
export const subjects: readonly CrashSubject[] = [
  { runbook: 'deploy', prepare: (world) => world.fresh() },
  {
    runbook: 'restart',
    request: { params: { services: ['db', 'web'] } },
    prepare: (world) => world.deployed(),
  },
  { runbook: 'verify-platform', prepare: (world) => world.deployed() },
];
