import { refuse } from '../shared/errors.ts';
import type { ProbeVerdict } from '../shared/run-state.ts';
import type { StepContext } from '../shared/step-context.ts';
import type { ContainerFacts } from './docker/engine.ts';
import { makeSafe } from './lifecycle.ts';
import {
  type OpenedPlatform,
  openPlatform,
  type PlatformDependencies,
  unknownService,
} from './opened-platform.ts';
import { orderOf, type RestartTarget, type Start } from './restart-order.ts';
import { pinnedOnce } from './run-pin.ts';
import type { StartedService } from './services.ts';

export type { RestartTarget } from './restart-order.ts';

export interface RestartInput {
  readonly target: RestartTarget;
}

export interface RestartMembersInput extends RestartInput {
  /** One of them, or all when they go down together. */
  readonly members: readonly string[];
}

export interface RestartActivities {
  restartTargets(
    ctx: StepContext,
    input: { readonly services: readonly string[] },
  ): Promise<readonly RestartTarget[]>;
  restartVerdict(ctx: StepContext, input: RestartInput): Promise<ProbeVerdict>;
  restartMembers(ctx: StepContext, input: RestartMembersInput): Promise<StartedService>;
}

export function createRestartActivities(deps: PlatformDependencies): RestartActivities {
  const { engine } = deps;
  return {
    /** Reads, and keeps the first answer, so a retry is safe, also one after a reset. */
    async restartTargets(_ctx, { services }) {
      const opened = await openPlatform(deps);
      return pinnedOnce(opened.attempt, 'restart-targets', () => look(deps, opened, services));
    },

    /** Reads only, so a retry is always safe. */
    async restartVerdict(_ctx, { target }) {
      const opened = await openPlatform(deps);
      const { before, service, change } = target;
      const containers = await containersOf(deps, opened, target.members);
      const left = containers.filter((container) => !isRestarted(container, before));
      if (left.length > 0) {
        const names = left.map((container) => container.service);
        const none = left.length === containers.length;
        const now = none ? target.now : `not yet restarted: ${names.join(', ')}`;
        return { state: 'absent', now, change };
      }
      const { health, handle } = opened.open(service);
      const verdict = await health.check(handle);
      const now = `started since this run looked; ${verdict.summary}`;
      return verdict.ready
        ? { state: 'in-place', now }
        : { state: 'absent', now, change: 'wait until it is well' };
    },

    /**
     * A container that has been started since the run looked is left alone; stopping one that is stopped and
     * starting one that runs do nothing. So a retry is safe, whatever the attempt before came to.
     */
    async restartMembers(_ctx, { target, members }) {
      const opened = await openPlatform(deps);
      const { attempt } = opened;
      const containers = await containersOf(deps, opened, members);
      const left = containers.filter((container) => !isRestarted(container, target.before));
      if (!target.together && left.some(({ state }) => state === 'running')) {
        for (const member of members) await makeSafe(opened, opened.open(target.service), member);
      }
      await Promise.all(
        left.map(async (container) => {
          if (!hasStarted(container, target.before)) {
            await attempt.checkFence();
            attempt.log(`${container.service}: stop ${container.name}`);
            await engine.stopContainer(container.id, container.stopGraceSeconds);
          }
          await attempt.checkFence();
          attempt.log(`${container.service}: start ${container.name}`);
          await engine.startContainer(container.id);
        }),
      );
      const names = left.map((container) => container.service);
      return {
        summary: names.length === 0 ? 'restarted already' : `restarted ${names.join(', ')}`,
      };
    },
  };
}

async function look(
  deps: PlatformDependencies,
  opened: OpenedPlatform,
  wanted: readonly string[],
): Promise<readonly RestartTarget[]> {
  const { services } = opened;
  const unknown = wanted.find((name) => !services.some((service) => service.name === name));
  if (unknown !== undefined) throw unknownService(unknown, services);
  const orders = await Promise.all(
    inDependencyOrder(services, wanted).map((name) => orderOf(deps, opened, name)),
  );
  const problems = orders.flatMap((order) => ('problem' in order ? [order.problem] : []));
  if (problems.length > 0) throw notRestartable(problems);
  return orders.flatMap((order) => ('problem' in order ? [] : [order]));
}

async function containersOf(
  { engine }: PlatformDependencies,
  { project }: OpenedPlatform,
  members: readonly string[],
): Promise<readonly ContainerFacts[]> {
  const lists = await Promise.all(members.map((member) => engine.containers(project, member)));
  return lists.flat();
}

/** By id and time of start, both of Docker: no clock is compared with another. */
const hasStarted = ({ id, startedAt }: ContainerFacts, before: readonly Start[]): boolean =>
  !before.some((start) => start.containerId === id && start.startedAt === startedAt);

const isRestarted = (container: ContainerFacts, before: readonly Start[]): boolean =>
  container.state === 'running' && hasStarted(container, before);

/** Those that others depend on first, else as the platform file lists them. */
function inDependencyOrder(
  services: OpenedPlatform['services'],
  wanted: readonly string[],
): readonly string[] {
  const order = new Set<string>();
  const visit = (name: string) => {
    if (order.has(name)) return;
    for (const other of services.find((service) => service.name === name)?.dependsOn ?? []) {
      visit(other);
    }
    order.add(name);
  };
  for (const { name } of services) visit(name);
  return [...order].filter((name) => wanted.includes(name));
}

const notRestartable = (problems: readonly string[]) =>
  refuse(
    'RB_NOT_RESTARTABLE',
    problems.length === 1
      ? 'a service cannot be restarted'
      : `${problems.length} services cannot be restarted`,
    problems.join('\n'),
    'leave them out, or deploy what is not there',
  );
