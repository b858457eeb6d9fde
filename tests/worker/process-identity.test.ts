import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { identify, isAlive, ownIdentity } from '../../src/worker/process-identity.ts';
import { until } from '../support/until.ts';
import { kill, pidIn, pidOf, startGroup, startSleeper } from './support/processes.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

/** Above the highest process number that Linux gives. */
const nobody = 2 ** 22 + 1;

async function identityOf(pid: number) {
  const identity = await identify(pid);
  if (!identity) throw new Error(`${pid} is not running`);
  return identity;
}

test('knows itself', async () => {
  const own = await ownIdentity();
  expect(own.pid).toBe(process.pid);
  expect(await isAlive(own)).toBe(true);
});

test('tells a living process from one that has ended', async () => {
  const sleeper = await startSleeper();
  const identity = await identityOf(pidOf(sleeper));
  expect(await isAlive(identity)).toBe(true);
  await kill(sleeper);
  expect(await isAlive(identity)).toBe(false);
});

test('finds nobody under a number that is not in use', async () => {
  expect(await identify(nobody)).toBeUndefined();
  expect(await isAlive({ pid: nobody, startTicks: '1' })).toBe(false);
});

test('a later process with the same number is another one', async () => {
  const { pid, startTicks } = await identityOf(pidOf(await startSleeper()));
  expect(await isAlive({ pid, startTicks: String(Number(startTicks) - 1) })).toBe(false);
});

test('a process that has ended and was not waited for counts as gone', async () => {
  const folder = await temporaryFolder();
  // The shell starts a child and becomes a program that never waits for it.
  const script = `sleep 60 & echo $! > ${join(folder, 'pid')}; exec sleep 60`;
  await startGroup('sh', '-c', script);
  const identity = await identityOf(await pidIn(join(folder, 'pid')));
  process.kill(identity.pid, 'SIGKILL');
  await until('the child is gone', async () => !(await isAlive(identity)));
  expect(() => process.kill(identity.pid, 0)).not.toThrow();
});

test('a stopped process is alive', async () => {
  const sleeper = await startSleeper();
  const identity = await identityOf(pidOf(sleeper));
  sleeper.kill('SIGSTOP');
  expect(await isAlive(identity)).toBe(true);
});

test('is not misled by a program’s name', async () => {
  const program = join(await temporaryFolder(), 'a) Z 1 (b) X');
  await copyFile('/bin/sleep', program);
  const plain = await identityOf(pidOf(await startSleeper()));
  const odd = await identityOf(pidOf(await startGroup(program, '60')));
  expect(Number(odd.startTicks)).toBeGreaterThanOrEqual(Number(plain.startTicks));
});
