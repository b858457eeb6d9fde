import { expect, test } from 'vitest';
import { container } from '../../../src/activities/services/container/kind.ts';
import { ended, running, serviceDouble } from './service-double.ts';

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
