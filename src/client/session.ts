import type { ColourMode, OutputFormat, ProgressMode } from '../shared/display-modes.ts';
import type { exitCodes } from '../shared/exit-codes.ts';
import type { FoundConfig } from './config/config-files.ts';
import type { Origin } from './config/setting.ts';
import type { Style } from './render/style.ts';
import type { Runs } from './runs/api.ts';
import type { Environment, Terminal } from './terminal.ts';

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
/** The options that every command takes. */
export interface Settings {
  readonly output: OutputFormat;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: ColourMode;
  readonly progress: ProgressMode;
  /** False: nothing may be asked. */
  readonly input: boolean;
  readonly address?: string | undefined;
  readonly namespace?: string | undefined;
  /** Those of them that stood on the command line. */
  readonly given: ReadonlySet<string>;
}

export interface Clock {
  now(): Date;
  /** Resolves early, without an error, when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Everything that a command's work gets from outside. */
export interface Session {
  readonly settings: Settings;
  readonly terminal: Terminal;
  /** With what flags and configuration files say in place of variables. */
  readonly env: Environment;
  /** Where a variable has its value from, when it was not set itself. */
  readonly origins: ReadonlyMap<string, Origin>;
  readonly configFiles: readonly FoundConfig[];
  readonly cwd: string;
  readonly clock: Clock;
  /** Connects on the first call; the session closes it. */
  connect(): Promise<Runs>;
  /** From the first call on, Ctrl-C and SIGTERM abort the signal instead of ending the process. */
  interrupted(): AbortSignal;
  readStdin(): Promise<string>;
}

type Work<Options> = (options: Options, session: Session) => Promise<ExitCode>;

/** What a command's constructor gets: a place to hand its parsed options and its work to. */
export interface Host {
  perform<Options>(work: Work<Options>, options: Options): Promise<void>;
}

/** The answer, on stdout. */
export function answer(session: Session, lines: readonly string[]): void {
  if (lines.length > 0) session.terminal.stdout.stream.write(`${lines.join('\n')}\n`);
}

/** The answer as JSON: indented for `json`, one line for `jsonl`. */
export function answerJson(session: Session, value: unknown): void {
  const indent = session.settings.output === 'jsonl' ? undefined : 2;
  session.terminal.stdout.stream.write(`${JSON.stringify(value, undefined, indent)}\n`);
}

/** A list as JSON: one document for `json`, one line an element for `jsonl`. */
function answerList(session: Session, values: readonly unknown[]): void {
  if (session.settings.output === 'jsonl') for (const value of values) answerJson(session, value);
  else answerJson(session, values);
}

/** The answer: a value or a list for machines, lines for people. */
export function respond(
  session: Session,
  value: unknown,
  lines: (width: number, style: Style) => readonly string[],
): void {
  const { stdout } = session.terminal;
  // What reads a pipe goes by lines, and needs ids whole; only a screen has an edge.
  const width = stdout.isTTY ? stdout.width() : Number.POSITIVE_INFINITY;
  if (session.settings.output === 'text') answer(session, lines(width, stdout.style));
  else if (Array.isArray(value)) answerList(session, value);
  else answerJson(session, value);
}

/** Progress and hints, on stderr; `--quiet` silences them, and who reads events as JSON wants nothing else. */
export function note(session: Session, lines: readonly string[]): void {
  const { quiet, progress } = session.settings;
  if (quiet || progress === 'json' || lines.length === 0) return;
  session.terminal.stderr.stream.write(`${lines.join('\n')}\n`);
}

/** What a person has to see although the command did its work: quiet does not silence it. */
export function warn(session: Session, lines: readonly string[]): void {
  if (lines.length > 0) session.terminal.stderr.stream.write(`${lines.join('\n')}\n`);
}
