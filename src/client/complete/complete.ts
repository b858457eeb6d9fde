import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { commandTable } from '../command-table.ts';
import { configure } from '../config/configuration.ts';
import type { ProcessLike } from '../open-session.ts';
import type { Host } from '../session.ts';
import { type Below, placeOf } from './place.ts';
import { proposalText } from './proposal.ts';
import { propose } from './propose.ts';

/** Nothing is carried out while a line is being written. */
const idle: Host = { perform: async () => {} };

/** Of the commands only the one that is named is loaded. */
const below: Below = async (parent, name) => {
  if (parent.name() !== 'runbook') {
    return parent.commands.find((command) => command.name() === name);
  }
  const entry = commandTable.find((candidate) => candidate.name === name);
  return entry && (await entry.load())(idle);
};

/** Prints what may stand in place of the last word. A failure is an empty answer: a shell shows nothing. */
export async function complete(
  program: CommandUnknownOpts,
  words: readonly string[],
  proc: ProcessLike,
): Promise<void> {
  try {
    const place = await placeOf(program, words, below);
    const { options } = place;
    const flags = { address: options.get('address'), namespace: options.get('namespace') };
    const { env } = await configure(
      { config: options.get('config'), profile: options.get('profile') },
      proc.env,
      proc.cwd(),
    );
    const loadConnect = async () => {
      const { connectRuns } = await import('../runs/temporal.ts');
      return () => connectRuns(flags, env);
    };
    const around = { env, cwd: proc.cwd(), loadConnect };
    proc.stdout.write(proposalText(await propose(place, around)));
  } catch {
    // Whatever is wrong here is told when the command is carried out.
  }
}
