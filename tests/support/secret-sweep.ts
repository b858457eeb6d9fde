import { homedir, tmpdir } from 'node:os';
import { Client, Connection } from '@temporalio/client';
import { execa } from 'execa';
import { textWithBytes } from './decoded-history.ts';
import {
  DockerEvents,
  insideContainer,
  inspected,
  type Place,
  writtenLayer,
} from './docker-shown.ts';
import { FileWatch, shellHistories } from './host-files.ts';
import { ProcessWatch } from './process-watch.ts';
import { historyText, textsBelow } from './secret-leaks.ts';
import { toldOfRun } from './told-of-run.ts';
import { ValueWatch } from './value-watch.ts';
import type { World } from './world.ts';

/** What was seen, by the kind of place; a kind that has no place was not looked at. */
export type Swept = ReadonlyMap<string, readonly Place[]>;

interface Where {
  /** Where shells and clients keep what was typed. */
  readonly home?: string;
  /** The folder of temporary files that the worker has for itself. */
  readonly temporary: string;
  /** The compose services whose logs tell every statement. */
  readonly databases: readonly string[];
}

/** Where values belong: the store and what is delivered. */
const documented = /\/\.secrets\/(store|delivered)\//;
/** Folders of tests, which are looked at for themselves when they are this one's. */
const others = /^(rbtest-|bash_jobs)/;

/** Looks everywhere while rotations go on, and at what is left after them. */
export class SecretSweep {
  private readonly world: World;
  private readonly home: string;
  private readonly databases: readonly string[];
  private readonly processes = ProcessWatch.start('all');
  private readonly events: DockerEvents;
  private readonly files: readonly FileWatch[];
  private readonly values: ValueWatch;

  private constructor(world: World, { home = homedir(), temporary, databases }: Where) {
    this.world = world;
    this.databases = databases;
    this.home = home;
    this.events = DockerEvents.start(world.platform);
    this.files = [FileWatch.start(tmpdir(), others), FileWatch.start(temporary)];
    this.values = ValueWatch.start(world.platform.directory);
  }

  static start(world: World, where: Where): SecretSweep {
    return new SecretSweep(world, where);
  }

  /** Every value that the store had since the start, and every place where somebody could have met one. */
  async end(): Promise<{ readonly values: ReadonlyMap<string, string>; readonly swept: Swept }> {
    const { world } = this;
    const swept = new Map<string, Place[]>();
    const add = (kind: string, places: Iterable<Place>) =>
      swept.set(kind, [...(swept.get(kind) ?? []), ...places]);

    add('temporary files', (await Promise.all(this.files.map((watch) => watch.stop()))).flat());
    await this.addProcesses(add);
    for (const run of await this.addHistories(add)) {
      for (const place of await toldOfRun(world, run))
        add(place[0], [[`${place[0]} ${run}`, place[1]]]);
    }
    add("the server's database", [['temporal.db', await world.server.database()]]);
    add('log of the server', [['log of the server', world.server.output]]);
    add('log of the worker', [['log of the worker', world.worker.output]]);
    add('state directory', await textsBelow(world.stateDirectory));
    const folder = [...(await textsBelow(world.platform.directory))];
    add(
      'folder of the platform',
      folder.filter(([path]) => !documented.test(path)),
    );
    add('shell history', await shellHistories(this.home));
    await this.addContainers(add);
    return { values: await this.values.stop(), swept };
  }

  private async addProcesses(add: Add): Promise<void> {
    const { commands, environments } = await this.processes.stop();
    add(
      'command lines',
      [...commands].map((text) => [text.split('\0')[0] ?? '', text]),
    );
    add(
      'environments',
      [...environments].map((text, index) => [`environment ${index}`, text]),
    );
    add("Docker's events", [["Docker's events", await this.events.stop()]]);
  }

  /** As whoever has the key reads them, and as the server gives them to everybody. */
  private async addHistories(add: Add): Promise<readonly string[]> {
    const { client, server } = this.world;
    const connection = await Connection.connect({ address: server.address });
    const stranger = new Client({ connection });
    const runs: string[] = [];
    for await (const { workflowId, runId, type } of client.workflow.list()) {
      const handle = client.workflow.getHandle(workflowId, runId);
      const raw = await stranger.workflow.getHandle(workflowId, runId).fetchHistory();
      add('history', [[workflowId, await historyText(handle)]]);
      add('history without the key', [[workflowId, textWithBytes(raw)]]);
      if (type.startsWith('runbook-') || workflowId.startsWith('lock/')) continue;
      runs.push(workflowId);
      add('details in the UI', [
        [workflowId, JSON.stringify(await handle.query('__temporal_workflow_metadata'))],
      ]);
    }
    await connection.close();
    return runs;
  }

  private async addContainers(add: Add): Promise<void> {
    const { platform } = this.world;
    const { places, variables } = await inspected(platform);
    add('docker inspect', [...places, ...variables.map((text): Place => ['a variable', text])]);
    for (const container of await platform.containers()) {
      const { all } = await execa('docker', ['logs', container.id], { all: true });
      const kind = this.databases.includes(container.service) ? 'databases' : 'containers';
      add(`logs of ${kind}`, [[`log of ${container.service}`, all]]);
      add('written layers of containers', await writtenLayer(container));
      const { temporary, histories } = await insideContainer(container, shellHistories);
      add('temporary files in containers', temporary);
      add('shell history in containers', histories);
    }
  }
}

type Add = (kind: string, places: Iterable<Place>) => void;
