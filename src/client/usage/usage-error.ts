import type {
  Argument,
  CommanderError,
  CommandUnknownOpts,
  Option,
} from '@commander-js/extra-typings';
import { didYouMean, nearest } from '../../shared/nearest.ts';
import { CommandError } from '../errors.ts';
import { type Meant, missingArgument, nameOf } from './meant.ts';

interface Words {
  readonly what: string;
  readonly why: string;
  readonly fix?: string;
}

/** What the parser refuses, as one of our errors. Its own words are read for what they name only. */
export function usageError(error: CommanderError, meant: Meant): CommandError {
  const { what, why, fix = `${nameOf(meant)} --help` } = wordsOf(error, meant);
  return new CommandError('RB_USAGE', what, { why, fix });
}

function wordsOf(error: CommanderError, meant: Meant): Words {
  const { code, message } = error;
  const [named = '', second = ''] = [...message.matchAll(/'([^']*)'/g)].map(([, text]) => text);
  switch (code) {
    case 'commander.unknownCommand':
      return unknownCommand(named, meant);
    case 'commander.help':
      return commandNeeded(meant);
    case 'commander.unknownOption':
      return unknownOption(named.replace(/=.*$/s, ''), meant);
    case 'commander.missingArgument':
    case 'commander.missingMandatoryOptionValue':
      return missing(error, meant);
    case 'commander.optionMissingArgument':
      return valueNeeded(named, meant);
    case 'commander.conflictingOption':
      return {
        what: `${flagOf(named)} and ${flagOf(second)} cannot be given together`,
        why: `${nameOf(meant)} does one thing or the other`,
      };
    case 'commander.excessArguments':
      return tooMany(meant);
    case 'commander.invalidArgument':
      return invalidValue(message, meant);
    default:
      return {
        what: message.replace(/^error: /, ''),
        why: 'the command line is not as its help says; nothing was done',
      };
  }
}

function unknownCommand(word: string, meant: Meant): Words {
  const names = meant.command.commands.map((command) => command.name());
  const [name, suggestion] = [nameOf(meant), nearest(word, names)];
  return {
    what: `${name} has no command ${word}`,
    why: suggestion === undefined ? `its commands: ${names.join(', ')}` : youMean(suggestion),
    fix: suggestion === undefined ? `${name} --help` : `${name} ${suggestion} --help`,
  };
}

function commandNeeded(meant: Meant): Words {
  const names = meant.command.commands.map((command) => command.name());
  return { what: `${nameOf(meant)} needs a command`, why: `its commands: ${names.join(', ')}` };
}

function unknownOption(flag: string, meant: Meant): Words {
  const own = flagsOf(meant.command);
  const suggestion = nearest(flag, [...own, ...meant.above.flatMap(flagsOf), '--help']);
  return {
    what: `${nameOf(meant)} has no option ${flag}`,
    why:
      suggestion === undefined
        ? `its options: ${own.join(', ') || 'none but those of every command'}`
        : youMean(suggestion),
  };
}

/** All that is missing at once: the parser stops at the first. */
function missing(error: CommanderError, meant: Meant): Words {
  const argument = missingArgument(meant, error);
  const options = meant.command.options.filter(
    (option) =>
      option.mandatory && meant.command.getOptionValue(option.attributeName()) === undefined,
  );
  const lacking = [...(argument === undefined ? [] : [argument]), ...options];
  const named = (one: Option | Argument) => (isOption(one) ? one.flags : `<${one.name()}>`);
  return {
    what: `${nameOf(meant)} needs ${lacking.map(named).join(' and ')}`,
    why: lacking.map((one) => `${named(one)}: ${meaning(one)}`).join('\n'),
  };
}

function valueNeeded(flags: string, meant: Meant): Words {
  const option = [meant.command, ...meant.above]
    .flatMap((command) => command.options)
    .find((candidate) => candidate.flags === flags);
  return {
    what: `${flagOf(flags)} needs a value`,
    why: `${flags}: ${option === undefined ? 'nothing follows it' : meaning(option)}`,
  };
}

function tooMany(meant: Meant): Words {
  const { registeredArguments: taken, args } = meant.command;
  const extra = args.slice(taken.length).map((word) => JSON.stringify(word));
  return {
    what: `${nameOf(meant)} does not take ${extra.join(', ')}`,
    why: `it takes ${taken.map(shape).join(' ') || 'options only'}; a text with spaces wants quotes`,
  };
}

/** Options and arguments have their own sentence each in the parser. */
const invalidMessage =
  /^error: (?:option '(?<flags>.+?)' argument '(?<value>.*)' is invalid|command-argument value '(?<word>.*)' is invalid for argument '(?<name>[^']+)')\. (?<hint>.*)$/s;

function invalidValue(message: string, { command, above }: Meant): Words {
  const { flags, value, word, name, hint = message } = invalidMessage.exec(message)?.groups ?? {};
  const given = value ?? word ?? '';
  const choices =
    flags === undefined
      ? command.registeredArguments.find((one) => one.name() === name)?.argChoices
      : [command, ...above]
          .flatMap(({ options }) => options)
          .find((option) => option.flags === flags)?.argChoices;
  return {
    what: `${flags === undefined ? `<${name}>` : flagOf(flags)} cannot be ${JSON.stringify(given)}`,
    why:
      choices === undefined
        ? hint.replace(/\.$/, '')
        : `expected one of ${choices.join(', ')}${didYouMean(given, choices)}`,
  };
}

const youMean = (suggestion: string) => `did you mean "${suggestion}"?`;

const isOption = (one: Option | Argument): one is Option => 'flags' in one;

const shape = (one: Argument) => (one.required ? `<${one.name()}>` : `[${one.name()}]`);

const meaning = ({ description, argChoices }: Option | Argument) =>
  argChoices === undefined ? description : `${description}: one of ${argChoices.join(', ')}`;

const flagsOf = (command: CommandUnknownOpts) =>
  command.options.flatMap(({ long, hidden }) => (long === undefined || hidden ? [] : [long]));

/** `--output` of `-o, --output <format>`. */
const flagOf = (flags: string) => /--[\w-]+/.exec(flags)?.[0] ?? flags;
