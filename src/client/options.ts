import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { durationMs, isDurationWithin } from '../shared/duration-ms.ts';

/** For options that may be given several times. */
export function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

export function positiveInteger(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('expected a whole number above 0.');
}

const longestOptionMs = 365 * 24 * 3_600_000;

/** Milliseconds of `30s`, `10m`, `2h`. */
function durationOption(text: string): number {
  if (isDurationWithin(text, 0, longestOptionMs)) return durationMs(text);
  throw new InvalidArgumentError('expected a duration such as 30s, 10m or 2h.');
}

/** Of the commands that watch. */
export const timeoutOption = () =>
  new Option('--timeout <duration>', 'stop watching after this time, for example 30m').argParser(
    durationOption,
  );

/** Of the commands that start runs. */
export const planOption = () =>
  new Option('--plan', 'only show what would change; nothing is changed');
export const detachOption = () =>
  new Option('-d, --detach', 'start it and return; the run goes on');
export const yesOption = () =>
  new Option('-y, --yes', 'start without asking, unless the runbook is irreversible');
export const confirmOption = () =>
  new Option(
    '--confirm <platform>',
    'the platform that an irreversible runbook may change without asking',
  );
export const outsideWindowOption = () =>
  new Option(
    '--outside-window <reason>',
    'run although no change window of the platform is open; the reason is kept in the report',
  );

/** Every order to a run says why; the report keeps it. */
export const whyOption = () =>
  new Option('--why <text>', 'the reason; kept in the report').makeOptionMandatory();

/** What the help of a command ends with. */
export function examples(...lines: readonly string[]): string {
  const head = lines.length > 1 ? 'Examples' : 'Example';
  return [
    `\n${head}:`,
    ...lines.map((line) => `  ${line}`),
    '\nOptions of every command, such as -o json, and exit codes: runbook --help',
  ].join('\n');
}

/** An id as a start makes them. */
export const exampleRun = 'deploy-lab-20261124-145903-1f3c';
