import { expect, test } from 'vitest';
import { container } from '../../../src/activities/services/container/kind.ts';
import { ended, running, serviceDouble } from './service-double.ts';

test.for([
  [{ failures: 0, retries: 3, output: '' }, 'health check failed, in its start period'],
  [{ failures: 4, retries: 3, output: '' }, 'health check failed 4 times in a row'],
  [{ failures: 2, retries: 3, output: '' }, 'health check 2 of 3 failed'],
  [{ failures: 2, retries: 3, output: 'no\nroute' }, 'health check 2 of 3 failed: no route'],
] as const)('a health check that failed is told beside the verdict: %j', async ([last, detail]) => {
  const facts = running('x', { dockerHealth: 'starting', lastHealthCheck: last });
  expect(await container.health?.check(serviceDouble([facts]))).toMatchObject({
    summary: 'starting',
    detail,
  });
});

test.for([
  [running('x'), true, 'running, no health check'],
  [running('x', { dockerHealth: 'healthy' }), true, 'healthy'],
  [running('x', { dockerHealth: 'starting' }), false, 'starting'],
  [running('x', { dockerHealth: 'unhealthy' }), false, 'unhealthy'],
  [running('x', { running: false, state: 'restarting' }), false, 'restarting'],
  [ended('x', 0), true, 'finished (exit 0)'],
  [{ ...ended('x', 0), restartsOnSuccess: true }, false, 'ended (exit 0)'],
  [ended('x', 1), false, 'ended (exit 1)'],
] as const)('%j is ready: %s', async ([facts, ready, summary]) => {
  expect(await container.health?.check(serviceDouble([facts]))).toMatchObject({ ready, summary });
});
