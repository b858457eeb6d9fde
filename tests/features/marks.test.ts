import { randomBytes } from 'node:crypto';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDockerEngine } from '../../src/activities/docker/engine.ts';
import { createServiceHandle } from '../../src/activities/services/handle.ts';
import { until } from '../support/until.ts';

const project = `rbtest-marks-${randomBytes(3).toString('hex')}`;
const service = { name: 'box', members: ['box'], settings: {} };
const engine = createDockerEngine();

beforeAll(async () => {
  const labels = ['project', 'service', 'oneoff', 'container-number'].flatMap((key, index) => [
    '--label',
    `com.docker.compose.${key}=${[project, 'box', 'False', '1'][index]}`,
  ]);
  const image = ['debian:trixie-slim', 'sleep', '300'];
  await execa('docker', ['run', '--detach', '--init', '--name', project, ...labels, ...image]);
});
afterAll(() => execa('docker', ['rm', '--force', project]));

const attemptOf = (step: string, attempt: number) =>
  createServiceHandle(engine, project, service, { step, attempt });
const sleeping = (step: string, attempt: number) =>
  attemptOf(step, attempt).exec('box', ['sleep', '60'], { timeoutMs: 60_000 });
const running = async () =>
  (await execa('docker', ['top', project, '-eo', 'pid,args'])).stdout.split('sleep 60').length - 1;

test('a command that a dead attempt left in a container is ended before the next one begins, and no other', async () => {
  const ends: string[] = [];
  const left = sleeping('run-1/copy', 1).then(({ exitCode }) => ends.push(`left ${exitCode}`));
  const other = sleeping('run-1/copy-more', 1).then(() => ends.push('other'));
  // Each stands there twice: as an argument of its time limit, and by itself.
  await until('both run', async () => (await running()) === 4, 10_000);

  const next = await attemptOf('run-1/copy', 2).exec('box', ['echo', 'again']);
  expect(next).toMatchObject({ exitCode: 0, stdout: 'again\n' });
  await left;
  expect(ends).toEqual(['left 137']);
  expect(await running()).toBe(2);

  await attemptOf('run-1/copy-more', 2).exec('box', ['true']);
  await other;
  expect(await running()).toBe(0);
}, 60_000);
