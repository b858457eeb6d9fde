import { count } from '../../report/text.ts';
import { RunbookError } from '../../shared/errors.ts';
import type { StepContext } from '../../shared/step-context.ts';
import { currentAttempt } from '../attempt.ts';
import { labels } from '../docker/container-facts.ts';
import { processesOf, shownBy } from '../docker/container-processes.ts';
import { readTextIfExists } from '../files.ts';
import type { NoInput } from '../opened-platform.ts';
import { type MigrateDependencies, openMigration } from './plan-migration.ts';
import { valuesOf } from './secret-values.ts';
import { isLeft, type Looked } from './value-left.ts';

export interface GoneProof {
  readonly summary: string;
  readonly secrets: number;
  readonly containers: number;
  readonly processes: number;
  readonly files: number;
}

export const createProveActivities = (deps: MigrateDependencies) => ({
  /** Reads only, so a retry is always safe. */
  async proveNoValueLeft(_ctx: StepContext, _input: NoInput): Promise<GoneProof> {
    const attempt = currentAttempt();
    const { migration, files, platform } = await openMigration(deps, attempt);
    const values = valuesOf(migration, files);
    const inspected = await deps.machine.inspect(platform.compose.project, 'all');
    const running = inspected.filter(({ State }) => State.Running);
    const processes = await processesOf(running.map(({ Id }) => Id));
    const unseen = running.filter(({ Id }) => (processes.get(Id) ?? []).length === 0);
    if (unseen.length > 0) throw cannotLook(unseen.map(({ Name }) => Name.replace(/^\//, '')));
    const serviceOf = (id: string) =>
      inspected.find(({ Id }) => Id === id)?.Config.Labels[labels.service] ?? '';
    const looked: Looked[] = inspected.map((info) => ({
      place: `docker inspect ${info.Name.replace(/^\//, '')}`,
      service: serviceOf(info.Id),
      text: JSON.stringify(info),
    }));
    let processCount = 0;
    for (const [id, own] of processes) {
      for (const process of own) {
        processCount += 1;
        const service = serviceOf(id);
        looked.push({
          place: `the environment or arguments of process ${process.pid} of ${service}`,
          service,
          text: await shownBy(process),
        });
      }
    }
    for (const { path, name } of files) {
      looked.push({ place: name, text: (await readTextIfExists(path)) ?? '' });
    }
    const found = migration.secrets.flatMap((secret) => {
      const value = values.get(secret.name);
      if (value === undefined) return [];
      return looked
        .filter((one) => isLeft(one, secret, value, migration))
        .map(({ place }) => `${secret.name}: ${place}`);
    });
    if (found.length > 0) throw valueLeft(found);
    const places = [
      count(inspected.length, 'container'),
      `${processCount} processes`,
      count(files.length, 'file'),
    ];
    const partly = migration.secrets.filter(({ left }) => left.length > 0);
    const whole = migration.secrets.length - partly.length;
    const stays = partly.map(({ name }) => `; ${name} stays in part`).join('');
    const summary = `no value of ${count(whole, 'secret')} in ${places.join(', ')}${stays}`;
    return {
      ...{ summary, secrets: migration.secrets.length, containers: inspected.length },
      ...{ processes: processCount, files: files.length },
    };
  },
});

const valueLeft = (found: readonly string[]) =>
  new RunbookError('RB_VALUE_LEFT', 'a value that has moved still stands somewhere', {
    why: found.join('\n'),
    fix: 'make the container anew, or take the value out of the file, then retry',
  });

const cannotLook = (names: readonly string[]) =>
  new RunbookError('RB_PROCESSES_UNSEEN', 'the processes of containers cannot be seen from here', {
    why: `no process of ${names.join(', ')} is on this host, or not for the eyes of this user`,
    fix: 'run the worker as root on the host of Docker (/proc has to show them)',
  });
