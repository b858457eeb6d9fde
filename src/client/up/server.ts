import { msToTs } from '@temporalio/common/lib/time.js';
import { type Link, listens, openLink } from '../connection.ts';
import { CommandError } from '../errors.ts';
import type { Environment } from '../terminal.ts';
import { portOwner } from './processes.ts';

const retentionDays = 90;

/** What stands on the ports that `up` wants: nothing, or a Temporal server that can be used. */
export async function lookAtPorts(
  port: number,
  uiPort: number,
  env: Environment,
): Promise<'free' | 'temporal'> {
  if (await listens(port)) {
    if (await isTemporal(`127.0.0.1:${port}`, env)) return 'temporal';
    throw await portTaken(port, '--port');
  }
  if (await listens(uiPort)) throw await portTaken(uiPort, '--ui-port');
  return 'free';
}

async function isTemporal(address: string, env: Environment): Promise<boolean> {
  try {
    const link = await openLink({ address }, env);
    await link.close();
    return true;
  } catch {
    return false;
  }
}

export async function portTaken(
  port: number,
  flag: string,
  why = 'it is not a Temporal server',
): Promise<CommandError> {
  const owner = await portOwner(port);
  const who = owner === undefined ? 'another process' : `pid ${owner.pid} (${owner.command})`;
  return new CommandError('RB_PORT_TAKEN', `port ${port} is taken`, {
    why: `${who} listens there, and ${why}`,
    fix: `end it, or choose another port: runbook up ${flag} NUMBER`,
  });
}

/** The server's own default deletes ended runs after a day. */
export async function keepRunsLonger(link: Link): Promise<void> {
  await link.connection.withDeadline(Date.now() + 10_000, () =>
    link.connection.workflowService.updateNamespace({
      namespace: link.namespace,
      config: { workflowExecutionRetentionTtl: msToTs(retentionDays * 86_400_000) },
    }),
  );
}
