import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { taskQueue } from '../src/shared/messages.ts';
import { decodedHistory } from '../tests/support/decoded-history.ts';
import { describeCredential, miniSecret } from '../tests/support/mini-credential.ts';
import { passwordInEnvironment, rotated } from '../tests/support/mini-env-password.ts';
import { Receiver } from '../tests/support/receiver.ts';
import { startSweep } from '../tests/support/sweep.ts';
import { World } from '../tests/support/world.ts';

/**
 * Records histories for tests/replay: `node script/record-histories.ts`. One that is there stays as it is, since runs
 * that began like it may be open: a run that goes otherwise since is kept by another name.
 */
const packageRoot = join(import.meta.dirname, '..');
const folder = join(packageRoot, 'tests', 'replay', 'histories');

/** Stack traces name the folder of the checkout, which says nothing to anybody else. */
const withoutRoot = (text: string) => text.replaceAll(`${packageRoot}/`, '/runbook/');

async function keep(world: World, workflowId: string, name: string): Promise<void> {
  const file = join(folder, `${name}.json`);
  if (existsSync(file)) return;
  const history = await decodedHistory(world.client.workflow.getHandle(workflowId));
  const text = JSON.stringify(JSON.parse(historyToJSON(history)), undefined, 2);
  const neutral = withoutRoot(text).replaceAll(/(?<="data": ")[^"]+/g, (data) =>
    Buffer.from(withoutRoot(Buffer.from(data, 'base64').toString())).toString('base64'),
  );
  await writeFile(file, `${neutral}\n`);
}

const receiver = await Receiver.open();
const world = await World.open({ platform: 'mini', workerEnv: { OPS_URL: receiver.url } });
try {
  await world.platform.edit('platform.yaml', (text) =>
    text.replace('services:\n', 'notify:\n  ops: { url: OPS_URL }\nservices:\n'),
  );
  const failing = await world.start('deploy', { params: { nope: 1 } });
  await world.report(failing);
  await keep(world, failing.workflowId, 'deploy.refused');

  const first = await world.start('deploy');
  await world.report(first);
  await keep(world, first.workflowId, 'deploy.first');

  const unchanged = await world.start('deploy');
  await world.report(unchanged);
  await keep(world, unchanged.workflowId, 'deploy.unchanged');

  const approvals = 'approvals: { starterMayApprove: true, always: { runbooks: [deploy] } }\n';
  await world.platform.edit('platform.yaml', (text) =>
    text.replace('services:\n', `${approvals}services:\n`),
  );
  const approved = await world.start('deploy');
  const waiting = await world.untilState(
    approved,
    ({ state }) => state === 'waiting-for-approval',
    60_000,
  );
  const digest = waiting.gates?.[0]?.plan.digest;
  const order = { gate: 'start', digest, by: 'ann', why: 'read the plan' };
  await approved.executeUpdate('approve', { args: [order] });
  await world.report(approved);
  await keep(world, approved.workflowId, 'deploy.approved');
  await world.platform.edit('platform.yaml', (text) => text.replace(approvals, ''));
  const again = await world.start('deploy', {
    options: { from: 'settle' },
    meta: { retryOf: first.workflowId },
  });
  await world.report(again);
  await keep(world, again.workflowId, 'deploy.from');

  await world.platform.edit('compose.yaml', (text) =>
    text.replace('command: [web]', 'command: [sleep, infinity]'),
  );
  await world.platform.edit('platform.yaml', (text) =>
    text.replace(/(kind: http\n\s+healthTimeout:) 30s/, '$1 4s'),
  );
  const undone = await world.start('deploy');
  await world.report(undone);
  await keep(world, undone.workflowId, 'deploy.undone');

  const word = world.client.workflow.getHandle(`notify/${undone.workflowId}/1`);
  await word.result();
  await keep(world, word.workflowId, 'runbook-notify.told');

  const parked = await world.start('deploy', { options: { onFailure: 'park' } });
  const { steps } = await world.untilState(parked, ({ state }) => state === 'parked', 60_000);
  const step = steps.find(({ status }) => status === 'parked');
  const decision = { step: step?.id, attempt: step?.attempt, action: 'undo', by: 'ann', why: 'x' };
  await parked.executeUpdate('decide', { args: [decision] });
  await world.report(parked);
  await keep(world, parked.workflowId, 'deploy.parked');

  const services = ['db', 'web'];
  const restarted = await world.start('restart', { params: { services, max: 2 } });
  await world.report(restarted);
  await keep(world, restarted.workflowId, 'restart.done');

  const port = (from: string, to: string) =>
    world.platform.edit('platform.yaml', (text) => text.replace(`port: ${from}`, `port: ${to}`));
  await port('8080', '8081');
  const unwell = await world.start('restart', {
    params: { services },
    options: { parkTimeout: '10m' },
  });
  const decide = async (attempt: number, decisionOfIt: object) => {
    await world.untilState(
      unwell,
      ({ steps: [, , fanOut] }) => fanOut?.status === 'parked' && fanOut.attempt === attempt,
      60_000,
    );
    const about = { step: 'restart', attempt, by: 'ann', why: 'x' };
    await unwell.executeUpdate('decide', { args: [{ ...about, ...decisionOfIt }] });
  };
  await decide(1, { action: 'retry-with', params: { max: 2 } });
  await decide(2, { action: 'skip' });
  await world.report(unwell);
  await keep(world, unwell.workflowId, 'restart.retried-and-skipped');
  await port('8081', '8080');
  const gone = await world.start('deploy', { options: { onFailure: 'park' } });
  await world.untilState(gone, ({ state }) => state === 'parked', 60_000);
  await gone.terminate();
  const sweep = await startSweep(world.client, gone);
  await sweep.result();
  await world.report(world.client.workflow.getHandle(gone.workflowId));
  await keep(world, gone.workflowId, 'deploy.swept');
  await keep(world, sweep.workflowId, 'runbook-sweep.revived');

  const plan = await world.start('deploy', { options: { plan: true } });
  await world.report(plan);
  await keep(world, plan.workflowId, 'deploy.plan');

  const verified = await world.start('verify-platform');
  await world.report(verified);
  await keep(world, verified.workflowId, 'verify-platform.green');
  await keep(world, `lock/${world.platform.name}`, 'runbook-lock.shared-and-exclusive');

  await describeCredential(world);
  await world.platform.edit('compose.yaml', (text) =>
    text.replace('command: [sleep, infinity]', 'command: [web]'),
  );
  await world.deployed();
  const rotated = await world.start('rotate-secrets', { params: { secrets: [miniSecret] } });
  await world.report(rotated);
  await keep(world, rotated.workflowId, 'rotate-secrets.done');
  const nothingDue = await world.start('rotate-secrets');
  await world.report(nothingDue);
  await keep(world, nothingDue.workflowId, 'rotate-secrets.nothing-due');

  await port('8080', '8081');
  const back = await world.start('rotate-secrets', {
    params: { secrets: [miniSecret] },
    options: { onFailure: 'undo' },
  });
  await world.report(back);
  await keep(world, back.workflowId, 'rotate-secrets.gone-back');
  await port('8081', '8080');
  await world.deployed();

  const migrated = await world.start('migrate-secrets');
  await world.report(migrated);
  await keep(world, migrated.workflowId, 'migrate-secrets.done');

  const log = await world.client.workflow.start('runbook-read-log', {
    taskQueue,
    workflowId: 'read-log-recorded',
    args: [{ run: first.workflowId, execution: first.firstExecutionRunId }],
  });
  await log.result();
  await keep(world, log.workflowId, 'runbook-read-log.read');

  const check = await world.client.workflow.start('runbook-check-request', {
    taskQueue,
    workflowId: 'check-request-recorded',
    args: [{ runbook: 'deploy', request: { params: { nope: 1 } } }],
  });
  await check.result();
  await keep(world, check.workflowId, 'runbook-check-request.refused');

  const secrets = await world.client.workflow.start('runbook-secrets-report', {
    taskQueue,
    workflowId: 'secrets-report-recorded',
    args: [{ ask: 'verify', names: [] }],
  });
  await secrets.result();
  await keep(world, secrets.workflowId, 'runbook-secrets-report.verified');
} finally {
  await receiver.close();
  await world.close();
}

const other = await World.open({ platform: 'mini' });
try {
  await passwordInEnvironment(other.platform);
  await other.deployed();
  const migrated = await other.start('migrate-secrets');
  await rotated(other, await other.report(migrated));
  await keep(other, migrated.workflowId, 'migrate-secrets.rotated');
} finally {
  await other.close();
}
