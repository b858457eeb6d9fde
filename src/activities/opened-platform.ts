import { refuse } from '../shared/errors.ts';
import { nearest } from '../shared/nearest.ts';
import type { Platform } from '../shared/platform-file.ts';
import { type Attempt, currentAttempt } from './attempt.ts';
import { createAdoptedImages } from './docker/adopted-images.ts';
import type { ChildHooks } from './docker/child-process.ts';
import type { ComposeCli, ComposeSource } from './docker/compose-cli.ts';
import type { DockerEngine } from './docker/engine.ts';
import { type LogicalService, logicalServices } from './docker/logical-services.ts';
import { type PinnedConfig, pinnedSource, readPinned } from './docker/pinned-config.ts';
import { createServiceHandle } from './services/handle.ts';
import type { Health, ServiceHandle, ServiceKind } from './services/kind.ts';
import { kindOf } from './services/registry.ts';

/** What the activities that work on a compose project need; the worker composes it. */
export interface PlatformDependencies {
  readonly engine: DockerEngine;
  readonly compose: ComposeCli;
  /** Root of the state directory; releases are kept below it. */
  readonly stateDirectory: string;
}

export type NoInput = Readonly<Record<string, never>>;

/** One service with everything an activity may want to do with it. */
export interface OpenedService {
  readonly service: LogicalService;
  readonly kind: ServiceKind;
  readonly health: Health;
  readonly handle: ServiceHandle;
}

/** The platform of the current attempt, as this run pinned it. */
export interface OpenedPlatform {
  readonly attempt: Attempt;
  readonly platform: Platform;
  readonly project: string;
  readonly pinned: PinnedConfig;
  readonly source: ComposeSource;
  readonly services: readonly LogicalService[];
  open(name: string): OpenedService;
}

/** What every child process of an attempt gets: its end, its log, its entry in the list of children. */
export function childHooks(attempt: Attempt): ChildHooks & { readonly signal: AbortSignal } {
  return {
    signal: attempt.signal,
    onLine: (line) => attempt.log(line),
    onSpawn: (pid) => attempt.trackChild(pid),
  };
}

export async function openPlatform({ engine }: PlatformDependencies): Promise<OpenedPlatform> {
  const attempt = currentAttempt();
  const platform = await attempt.platform();
  const pinned = await readPinned(attempt.runDirectory);
  const services = logicalServices(platform, pinned.config);
  const { project } = platform.compose;
  const { run, step, attempt: number } = attempt.ctx;
  const mark = { step: `${run}/${step}`, attempt: number };
  return {
    attempt,
    platform,
    project,
    pinned,
    services,
    source: pinnedSource(platform, attempt.runDirectory),
    open(name) {
      const service = services.find((candidate) => candidate.name === name);
      if (service === undefined) throw unknownService(name, services);
      const kind = kindOf(name, service.kind);
      const { health } = kind;
      if (health === undefined) throw notCovered(name, service.kind);
      return { service, kind, health, handle: createServiceHandle(engine, project, service, mark) };
    },
  };
}

/** What this platform's images were built from, as far as it is known. */
export const imageKnowledge = (
  { engine, stateDirectory }: PlatformDependencies,
  { platform }: OpenedPlatform,
) => ({ engine, adopted: createAdoptedImages(stateDirectory, platform.name) });

export function unknownService(name: string, services: readonly LogicalService[]) {
  const names = services.map((service) => service.name);
  const suggestion = nearest(name, names);
  return refuse(
    'RB_UNKNOWN_SERVICE',
    `the platform has no service "${name}"`,
    `its services: ${names.join(', ')}`,
    suggestion === undefined ? 'name one of them' : `did you mean "${suggestion}"?`,
  );
}

const notCovered = (name: string, kind: string) =>
  refuse(
    'RB_NOT_COVERED',
    `the health of "${name}" is not covered`,
    `the kind "${kind}" declares no health check`,
    'add one to the kind, or describe the service with another kind',
  );
