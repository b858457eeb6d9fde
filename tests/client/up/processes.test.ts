import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { diesWithUs, keepAlive, restartDelayMs } from '../../../src/client/up/keep-alive.ts';
import { claimNote, isRunning, ownProcessId, readNote } from '../../../src/client/up/note.ts';
import { isAlive, portOwner, processId } from '../../../src/client/up/processes.ts';
import { serverArguments } from '../../../src/client/up/temporal-cli.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rbtest-up-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function sampleNote(pid?: number) {
  const own = await ownProcessId();
  return {
    schema: 'runbook.up/v1',
    supervisor: pid === undefined ? own : { pid, startedTicks: '1' },
    address: '127.0.0.1:1',
    namespace: 'default',
    uiPort: 1001,
    codecPort: 2001,
    adopted: false,
    ready: false,
    children: {},
  } as const;
}

test('a process is known by its start as well as its number', async () => {
  const own = await ownProcessId();
  expect(await isAlive(own)).toBe(true);
  expect(await isAlive({ ...own, startedTicks: '1' })).toBe(false);
  const child = spawn('true');
  await once(child, 'exit');
  expect(await processId(child.pid ?? 0)).toBeUndefined();
});

test('who listens on a port is found in /proc', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  expect(await portOwner(port)).toMatchObject({ pid: process.pid });
  server.close();
});

test('one up has a state directory; a dead one gives way', async () => {
  expect(await claimNote(directory, await sampleNote(2 ** 22 + 1))).toBe(true);
  expect(await claimNote(directory, await sampleNote())).toBe(true);
  expect(await claimNote(directory, await sampleNote())).toBe(false);
  const note = await readNote(directory);
  expect(note !== undefined && (await isRunning(note))).toBe(true);
  expect((await stat(join(directory, 'up.json'))).mode & 0o777).toBe(0o600);
});

test('restarts back off to one in ten seconds', () => {
  expect([1, 2, 3, 4, 5, 6, 20].map(restartDelayMs)).toEqual([
    500, 1000, 2000, 4000, 8000, 10_000, 10_000,
  ]);
});

test('a program that keeps dying before it was ready gives up with words', async () => {
  await rm(join(directory, 'logs'), { recursive: true, force: true });
  await mkdir(join(directory, 'logs'));
  const kept = keepAlive(
    { name: 'worker', command: ['sh', '-c', 'exit 3'], env: process.env, directory },
    { started: () => {}, died: () => {} },
  );
  expect(await kept.gaveUp).toBe('exit code 3');
  await kept.stop();
});

test('a program that is killed is started again, and stops when told', async () => {
  const started: number[] = [];
  const again = Promise.withResolvers<void>();
  const kept = keepAlive(
    {
      name: 'worker',
      command: diesWithUs('setpriv', ['sleep', '600']),
      env: process.env,
      directory,
    },
    {
      started: ({ pid }) => {
        started.push(pid);
        if (started.length === 1) process.kill(pid, 'SIGKILL');
        else again.resolve();
      },
      died: () => {},
    },
  );
  await again.promise;
  await kept.stop();
  const [first = 0, second = 0] = started;
  expect(first).not.toBe(second);
  expect(await processId(second)).toBeUndefined();
});

test('the server gets every search attribute, a database file and only the loopback address', () => {
  const args = serverArguments({ directory: '/s', port: 7, uiPort: 8, namespace: 'default' });
  const text = args.join(' ');
  expect(text).toContain('--search-attribute RunbookPlan=Bool');
  expect(text).toContain('--search-attribute RunbookState=Keyword');
  expect(text).toContain('--ip 127.0.0.1');
  expect(text).toContain('--db-filename /s/temporal.db');
  expect(text).not.toContain('--namespace');
});
