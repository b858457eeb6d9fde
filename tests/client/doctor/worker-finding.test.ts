import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { workerFinding } from '../../../src/client/doctor/worker-finding.ts';

const now = new Date('2026-11-24T12:01:05.000Z');
const here = (pid: number) => `runbook@${hostname()}:${pid}`;
const seen = (identity: string, secondsAgo: number) => ({
  identity,
  lastSeen: new Date(now.getTime() - secondsAgo * 1000),
});
/** No process can have it: the kernel gives out less. */
const noPid = 2 ** 22 + 1;

test('a worker is told with the time at which it last asked for work, the newest', async () => {
  const own = here(process.pid);
  expect(await workerFinding([seen(own, 40), seen(own, 12)], now)).toMatchObject({
    verdict: 'ok',
    observed: `${own}, last seen 12.0 s ago`,
  });
});

test('one whose process on this host has ended is gone, whatever the server remembers', async () => {
  expect(await workerFinding([seen(here(noPid), 5)], now)).toMatchObject({
    verdict: 'fail',
    observed: `${here(noPid)} is gone: its process has ended, last seen 5.0 s ago`,
    fix: 'runbook up, or runbook worker',
  });
});

test('one beside a gone one, or of another host, is enough', async () => {
  const other = seen('runbook@elsewhere:7', 3);
  const finding = await workerFinding([seen(here(noPid), 5), other], now);
  expect(finding.verdict).toBe('ok');
  expect(finding.observed).toContain('runbook@elsewhere:7, last seen 3.0 s ago; ');
  expect(finding.observed).toContain('is gone');
});

test('without any the queue is named that nobody polls', async () => {
  expect(await workerFinding([], now)).toMatchObject({
    verdict: 'fail',
    observed: 'none polls the queue "runbook"',
  });
});
