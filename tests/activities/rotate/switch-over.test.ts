import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createSwitchActivities } from '../../../src/activities/rotate/switch-over.ts';
import { until } from '../../support/until.ts';
import { container } from '../docker-double.ts';
import { rotationRun } from './rotation-run.ts';

/** A server that hangs up on every login. */
async function server() {
  const logins: number[] = [];
  const listening = createServer((socket) => {
    logins.push(Date.now());
    socket.destroy();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    listening.close();
  });
  await once(listening, 'listening');
  return { logins, port: (listening.address() as AddressInfo).port };
}

test('a value that could not be set is not logged in with any longer', async () => {
  const { logins, port } = await server();
  const { run, attempt, as, rotation } = await rotationRun('reread', { port });
  run.world.containers = ['db', 'app'].map((name) => container(name, { addresses: ['127.0.0.1'] }));
  run.world.exec = () => ({ exitCode: 2, stderr: 'psql: error: ERROR: 42501' });
  const { switchSecret } = createSwitchActivities(run.deps);
  await expect(as(() => switchSecret(attempt.ctx, rotation))).rejects.toThrow();
  const { length } = logins;
  const endedAt = Date.now();
  await until('another login would have come', async () => Date.now() > endedAt + 100);
  expect([length > 0, logins.length]).toEqual([true, length]);
});
