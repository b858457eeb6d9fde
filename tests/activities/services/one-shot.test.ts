import { expect, test } from 'vitest';
import { oneShot } from '../../../src/activities/services/one-shot/kind.ts';
import { ended, running, serviceDouble } from './service-double.ts';

test.for([
  [
    'that finished',
    ended('job', 0),
    { ready: true, healthy: true, failed: false, summary: 'finished (exit 0)' },
  ],
  ['that runs', running('job'), { ready: false, failed: false, summary: 'running' }],
  [
    'that failed',
    ended('job', 3),
    { ready: false, failed: true, summary: 'ended (exit 3)', unhealthy: ['job'] },
  ],
  [
    'that Docker starts again',
    running('job', { running: false, state: 'restarting', exitCode: 1 }),
    { ready: false, failed: false },
  ],
] as const)('a job %s', async ([, facts, verdict]) => {
  expect(await oneShot.health?.check(serviceDouble([facts]))).toMatchObject(verdict);
});
