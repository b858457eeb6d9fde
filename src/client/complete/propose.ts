import type { Argument, CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { commandTable } from '../command-table.ts';
import { collect } from '../options.ts';
import type { Environment } from '../terminal.ts';
import { parameters, platformNames, runbookNames, secretNames } from './names.ts';
import { argumentAt, type Place } from './place.ts';
import { files, type Proposal, type Proposals } from './proposal.ts';
import { type LoadConnect, runIds } from './runs.ts';

/** What names are looked up in. */
export interface Surroundings {
  readonly env: Environment;
  readonly cwd: string;
  readonly loadConnect: LoadConnect;
}

/** Everything that may stand at the place and begins as the current word does. */
export async function propose(place: Place, around: Surroundings): Promise<Proposals> {
  const { prefix, current } = place;
  const found = await proposalsAt(place, around);
  if (found === files) return files;
  return found
    .map((proposal) => ({ ...proposal, value: `${prefix}${proposal.value}` }))
    .filter(({ value }) => value.startsWith(current));
}

async function proposalsAt(place: Place, around: Surroundings): Promise<Proposals> {
  if (place.valueFor !== undefined) return valuesOf(place.valueFor, place, around);
  if (place.current.startsWith('-') && !place.optionsEnded) return optionNames(place);
  const argument = argumentAt(place);
  const here = place.args.length === 0 ? namesBelow(place) : [];
  const values = argument === undefined ? [] : await valuesOf(argument, place, around);
  if (values !== files) return [...here, ...values];
  // Names of files are the shell's to find: it cannot mix them with ours.
  const begun = here.filter(({ value }) => place.current !== '' && value.startsWith(place.current));
  return begun.length > 0 ? begun : files;
}

function namesBelow({ commands }: Place): readonly Proposal[] {
  const command = commands.at(-1);
  if (commands.length === 1) {
    return commandTable.map(({ name, summary }) => ({ value: name, description: summary }));
  }
  return (command?.commands ?? []).map((below) => ({
    value: below.name(),
    description: below.summary(),
  }));
}

/** An option that is there already is not offered again, unless it may be repeated. */
function optionNames({ commands, options }: Place): readonly Proposal[] {
  const own = [...commands].reverse().flatMap((command) => command.options);
  const offered = own.filter(
    (option) =>
      !option.hidden &&
      (option.parseArg === (collect as unknown) || !options.has(option.attributeName())),
  );
  return [
    ...offered.flatMap(({ long, description }) =>
      long === undefined ? [] : [{ value: long, description }],
    ),
    { value: '--help', description: 'display help for command' },
  ];
}

/** By choices where there are some, else by the word that stands for the value in the help. */
async function valuesOf(
  wanted: Option | Argument,
  { commands, args, current }: Place,
  { env, cwd, loadConnect }: Surroundings,
): Promise<Proposals> {
  if (wanted.argChoices !== undefined) return wanted.argChoices.map((value) => ({ value }));
  switch (placeholder(wanted)) {
    case 'file':
    case 'platform-file':
      return files;
    case 'runbook':
      return runbookNames();
    case 'platform':
      return platformNames(env, cwd);
    case 'name=value':
      return parameters(args[0], current.replace(/^--set=/, ''));
    case 'secret':
      return secretNames(env, cwd);
    case 'run':
      return runIds(topName(commands), loadConnect);
    default:
      return [];
  }
}

const topName = (commands: readonly CommandUnknownOpts[]) => commands[1]?.name() ?? '';

/** `--platform <name>` and `--runbook <name>` say in their own name what is named. */
function placeholder(wanted: Option | Argument): string {
  if (!('flags' in wanted)) return wanted.name();
  const word = /[<[]([^\]>]+)[\]>]/.exec(wanted.flags)?.[1] ?? '';
  return word === 'name' ? wanted.attributeName() : word;
}
