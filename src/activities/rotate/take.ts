import { RunbookError } from '../../shared/errors.ts';
import { notMinted } from '../../shared/not-minted.ts';
import type { ProbeVerdict } from '../../shared/run-state.ts';
import type { StepContext } from '../../shared/step-context.ts';
import type { ContainerFacts } from '../docker/engine.ts';
import { makeSafe } from '../lifecycle.ts';
import type { PlatformDependencies } from '../opened-platform.ts';
import { deliveredVersion } from '../secrets/deliver.ts';
import { countOnce } from './census.ts';
import { deliveredAtMs } from './delivery-time.ts';
import { note, noted } from './journal.ts';
import { type OpenedCredential, openCredential } from './open-credential.ts';
import type { Rotation, RotationConsumer } from './target.ts';

export interface TakeInput extends Rotation {
  readonly consumer: RotationConsumer;
}

export interface Taken {
  readonly summary: string;
}

export const createTakeActivities = (deps: PlatformDependencies) => ({
  /** Reads only, so a retry is always safe. */
  async takeVerdict(
    _ctx: StepContext,
    { target, version, consumer }: TakeInput,
  ): Promise<ProbeVerdict> {
    if (version === notMinted) {
      return { state: 'absent', now: `it uses ${target.from}`, change: changeOf(consumer) };
    }
    const own = await openCredential(deps, target.name);
    const delivered = (await deliveredVersion(own.opened.platform, target.name))[consumer.name];
    if (delivered !== version) {
      return { state: 'absent', now: `its file has ${delivered}`, change: changeOf(consumer) };
    }
    const left = await notYet(deps, own, version, consumer);
    return left.length === 0
      ? { state: 'in-place', now: `it took ${version}` }
      : { state: 'absent', now: `it has not taken ${version}`, change: changeOf(consumer) };
  },

  /**
   * A container that started after the delivery is left alone; a signal or a command that reads files again does
   * the same when it comes twice. So a retry is safe.
   */
  async takeSecret(_ctx: StepContext, { target, version, consumer }: TakeInput): Promise<Taken> {
    const own = await openCredential(deps, target.name);
    const left = await notYet(deps, own, version, consumer);
    if (left.length === 0) return { summary: `${consumer.name} has it` };
    // A run that found everything delivered has counted nothing so far.
    await countOnce(own);
    // First: an undo has to know who may have the new value.
    await note(own, version, 'taking', { consumer: consumer.name });
    return takeDelivered(deps, own, { consumer, version }, left);
  },

  /** Makes those that took the new value take the old one again: as `takeSecret`, so a retry is safe. */
  async takeBack(_ctx: StepContext, { target, version, consumer }: TakeInput): Promise<Taken> {
    const own = await openCredential(deps, target.name);
    const began = await noted(own, version, 'taking', consumer.name);
    const told = await notYet(deps, own, target.from, consumer);
    const minted = (await own.store.versions(target.name)).find((one) => one.version === version);
    // Whoever started by itself since then may have read the new file.
    const left =
      began === undefined && minted !== undefined
        ? told.filter(({ startedAt }) => Date.parse(startedAt) >= Date.parse(minted.mintedAt))
        : told;
    if (left.length === 0) return { summary: `${consumer.name} has the old one` };
    return takeDelivered(deps, own, { consumer, version: target.from }, left);
  },
});

async function takeDelivered(
  deps: PlatformDependencies,
  own: OpenedCredential,
  { consumer, version }: { readonly consumer: RotationConsumer; readonly version: string },
  containers: readonly ContainerFacts[],
): Promise<Taken> {
  if (consumer.takes === 'restart') await restart(deps, own, consumer, containers);
  else await tell(deps, own, consumer, containers);
  // Only now: a command that failed, or whose worker died, is to be run again.
  await note(own, version, 'taken', { consumer: consumer.name });
  return { summary: changeOf(consumer) };
}

/** Its containers that may still use another value than the delivered one. */
export async function notYet(
  { engine }: PlatformDependencies,
  own: OpenedCredential,
  version: string,
  { name, takes }: RotationConsumer,
): Promise<readonly ContainerFacts[]> {
  if (takes === 'reread' || takes === 'start') return [];
  const containers = await engine.containers(own.opened.project, name);
  const since = await deliveredAtMs(own, name);
  if (takes !== 'restart') {
    const took = await noted(own, version, 'taken', name);
    if (took !== undefined && Date.parse(took.at) >= since) return [];
    return containers.filter(({ state }) => state === 'running');
  }
  // A container that does not run reads the file when it is started.
  return containers.filter(({ startedAt }) => startedAt !== '' && Date.parse(startedAt) < since);
}

async function restart(
  { engine }: PlatformDependencies,
  { opened }: OpenedCredential,
  { name, service }: RotationConsumer,
  containers: readonly ContainerFacts[],
): Promise<void> {
  const { attempt } = opened;
  for (const container of containers) {
    if (container.state === 'running') {
      await makeSafe(opened, opened.open(service), name);
      await attempt.checkFence();
      attempt.log(`${name}: stop ${container.name}`);
      await engine.stopContainer(container.id, container.stopGraceSeconds);
    }
    await attempt.checkFence();
    attempt.log(`${name}: start ${container.name}`);
    await engine.startContainer(container.id);
  }
}

async function tell(
  { engine }: PlatformDependencies,
  { opened }: OpenedCredential,
  { name, service, takes }: RotationConsumer,
  containers: readonly ContainerFacts[],
): Promise<void> {
  if (typeof takes === 'string') return;
  const { attempt } = opened;
  for (const container of containers) {
    await attempt.checkFence();
    if ('signal' in takes) {
      attempt.log(`${name}: SIG${takes.signal} to ${container.name}`);
      await engine.signalContainer(container.id, `SIG${takes.signal}`);
      continue;
    }
    attempt.log(`${name}: ${takes.command.join(' ')}`);
    const { exitCode, stderr, stdout } = await opened
      .open(service)
      .handle.exec(name, takes.command, { timeoutMs: 60_000 });
    for (const line of `${stdout}\n${stderr}`.split('\n').filter(Boolean)) attempt.log(line);
    if (exitCode !== 0) throw commandFailed(name, takes.command, exitCode, stderr);
  }
}

const changeOf = ({ name, takes }: RotationConsumer): string => {
  if (typeof takes === 'string') return `restart ${name}`;
  return 'signal' in takes
    ? `send SIG${takes.signal} to ${name}`
    : `run ${takes.command.join(' ')} in ${name}`;
};

const commandFailed = (
  name: string,
  command: readonly string[],
  exitCode: number,
  stderr: string,
) =>
  new RunbookError('RB_NOT_TAKEN', `${name} did not take the new value`, {
    why: `${command.join(' ')} ended with ${exitCode}: ${stderr.trim().split('\n').at(-1) ?? ''}`,
    fix: `see the output (runbook logs), and whether ${name} is well; then retry`,
  });
