import type { Place } from './docker-shown.ts';
import type { World } from './world.ts';

const commandsOf = (run: string): readonly (readonly string[])[] => [
  ...['status', 'logs', 'watch', 'report'].map((command) => [command, run]),
  ['report', run, '-o', 'json'],
  ['report', run, '--html', '-'],
  ['report', run, '--format', 'junit'],
  ['history'],
];

/** Everything that people read of a run, by the command that tells it. */
export async function toldOfRun(world: World, run: string): Promise<readonly Place[]> {
  return Promise.all(
    commandsOf(run).map(async (args): Promise<Place> => {
      const { stdout, stderr } = await world.cli(...args);
      return [`runbook ${args.filter((arg) => arg !== run).join(' ')}`, `${stdout}\n${stderr}`];
    }),
  );
}
