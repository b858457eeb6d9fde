import { type RunbookError, refuse } from '../../shared/errors.ts';
import type { ChildHooks } from './child-process.ts';
import type { ComposeCli, ComposeSource } from './compose-cli.ts';
import { takenPort } from './compose-errors.ts';
import { type ComposeConfig, networksOf } from './compose-model.ts';
import type { DockerEngine } from './engine.ts';
import { createMutex } from './mutex.ts';
import { processesOnPort } from './port-holder.ts';

export interface UpRequest {
  readonly engine: DockerEngine;
  readonly compose: ComposeCli;
  readonly project: string;
  readonly source: ComposeSource;
  readonly config: ComposeConfig;
  readonly members: readonly string[];
  readonly hooks: ChildHooks;
  /** Asked right before the effect; throws when the caller no longer may. */
  readonly beforeEffect: () => Promise<void>;
}

/** One lock a project: two Composes at once make the same network twice, and Docker lets them. */
const networkMutex = createMutex();

/** Brings services up, with a name for what usually goes wrong. Nothing is built, pulled or waited for. */
export async function upServices(request: UpRequest): Promise<void> {
  const { engine, compose, source, members, hooks } = request;
  const act = async () => {
    await request.beforeEffect();
    try {
      await compose.up(source, members, hooks);
    } catch (error) {
      const port = takenPort(error);
      throw port === undefined ? error : await portTaken(engine, port, error as RunbookError);
    }
    await correctNames(request);
  };
  if (await hasNetworks(request)) return act();
  const done = await networkMutex(request.project, async () => {
    if (await hasNetworks(request)) return false; // made while we waited: no need to hold others up
    await act();
    return true;
  });
  if (!done) await act();
}

async function hasNetworks({ engine, project, config, members }: UpRequest): Promise<boolean> {
  const wanted = members.flatMap((member) => networksOf(config, member));
  const present = await engine.networks(project);
  return wanted.every((name) => present.includes(name));
}

/** What Compose calls the successor of a container until the old one is gone. */
const interimName = /^[0-9a-f]{12}_(.+)$/;

/** A Compose that was killed while it replaced a container leaves the interim name behind for ever. */
async function correctNames({ engine, project, members }: UpRequest): Promise<void> {
  const lists = await Promise.all(members.map((member) => engine.containers(project, member)));
  const names = new Set(lists.flat().map(({ name }) => name));
  for (const { id, name } of lists.flat()) {
    const wanted = interimName.exec(name)?.[1];
    if (wanted !== undefined && !names.has(wanted)) await engine.renameContainer(id, wanted);
  }
}

async function portTaken(
  engine: DockerEngine,
  port: number,
  error: RunbookError,
): Promise<RunbookError> {
  const containers = await engine.holdersOfPort(port);
  const holders = containers.length > 0 ? containers : await processesOnPort(port);
  const holder = holders.join(', ');
  return refuse(
    'RB_PORT_TAKEN',
    `port ${port} of this host is taken${holder === '' ? '' : ` by ${holder}`}`,
    error.why ?? error.message,
    `end what holds port ${port}, then retry; or give the service another port and start a new run`,
  );
}
