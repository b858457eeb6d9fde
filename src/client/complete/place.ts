import type { Argument, CommandUnknownOpts, Option } from '@commander-js/extra-typings';

/** Where on a command line the cursor stands, and what may stand there. */
export interface Place {
  /** From the program to the innermost command that is named. */
  readonly commands: readonly CommandUnknownOpts[];
  /** Arguments that are complete, in order. */
  readonly args: readonly string[];
  /** Values of options that are complete, by attribute name; a flag has an empty one. */
  readonly options: ReadonlyMap<string, string>;
  /** The option whose value is being written. */
  readonly valueFor?: Option;
  /** What stands in the current word before that value: `--output=`. */
  readonly prefix: string;
  readonly current: string;
  /** After `--` nothing is an option. */
  readonly optionsEnded: boolean;
}

/** The command of a name below another one; loads it when that is needed. */
export type Below = (
  parent: CommandUnknownOpts,
  name: string,
) => Promise<CommandUnknownOpts | undefined>;

/** Reads the words before the cursor as the parser would; the last word is the one being written. */
export async function placeOf(
  program: CommandUnknownOpts,
  words: readonly string[],
  below: Below,
): Promise<Place> {
  const commands = [program];
  const args: string[] = [];
  const options = new Map<string, string>();
  let pending: Option | undefined;
  let optionsEnded = false;
  const isOption = (word: string) => !optionsEnded && word.length > 1 && word.startsWith('-');
  const find = (name: string) =>
    commands
      .flatMap((command) => command.options)
      .find((option) => [option.long, option.short].includes(name));
  // The value of `--html [file]` may be left out, so an option after it is one.
  const takes = (option: Option | undefined, word: string) =>
    option !== undefined && (option.required || !isOption(word));
  for (const word of words.slice(0, -1)) {
    if (pending !== undefined && takes(pending, word)) {
      options.set(pending.attributeName(), word);
      pending = undefined;
    } else if (word === '--' && !optionsEnded) {
      optionsEnded = true;
    } else if (isOption(word)) {
      const { name, value } = splitOption(word);
      const option = find(name);
      if (option !== undefined) options.set(option.attributeName(), value ?? '');
      const wantsValue = option?.required === true || option?.optional === true;
      pending = wantsValue && value === undefined ? option : undefined;
    } else {
      pending = undefined;
      const parent = commands.at(-1) ?? program;
      const found = args.length > 0 || optionsEnded ? undefined : await below(parent, word);
      if (found === undefined) args.push(word);
      else commands.push(found);
    }
  }
  const current = words.at(-1) ?? '';
  const common = { commands, args, options, current, optionsEnded };
  if (pending !== undefined && takes(pending, current)) {
    return { ...common, valueFor: pending, prefix: '' };
  }
  const { name, value } = splitOption(current);
  const option = isOption(current) && value !== undefined ? find(name) : undefined;
  if (option === undefined) return { ...common, prefix: '' };
  return { ...common, valueFor: option, prefix: `${name}=` };
}

/** The argument that the current word would be. */
export function argumentAt({ commands, args }: Place): Argument | undefined {
  const registered = commands.at(-1)?.registeredArguments ?? [];
  const last = registered.at(-1);
  return registered[args.length] ?? (last?.variadic ? last : undefined);
}

function splitOption(word: string): { readonly name: string; readonly value?: string } {
  const at = word.startsWith('--') ? word.indexOf('=') : -1;
  return at < 0 ? { name: word } : { name: word.slice(0, at), value: word.slice(at + 1) };
}
