import type { Argument, CommanderError, CommandUnknownOpts } from '@commander-js/extra-typings';

/** The innermost command that a command line names, and those above it, the nearest first. */
export interface Meant {
  readonly command: CommandUnknownOpts;
  readonly above: readonly CommandUnknownOpts[];
}

export function meantBy(args: readonly string[], program: CommandUnknownOpts): Meant {
  const path = [program];
  for (const arg of args) {
    const next = path[0]?.commands.find((candidate) => candidate.name() === arg);
    if (next !== undefined) path.unshift(next);
  }
  const [command = program, ...above] = path;
  return { command, above };
}

/** `runbook locks release`. */
export const nameOf = ({ command, above }: Meant): string =>
  [...above.toReversed(), command].map((one) => one.name()).join(' ');

/** The first argument that is not there though it is needed; that of `start` is needed only at times. */
export const missingArgument = (
  { command }: Meant,
  { code }: Pick<CommanderError, 'code'>,
): Argument | undefined =>
  command.registeredArguments.find(
    ({ required }, index) =>
      index >= command.args.length && (required || code === 'commander.missingArgument'),
  );
