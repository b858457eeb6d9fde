import { type ErrorFacts, errorFacts, RunbookError } from '../shared/errors.ts';
import { exitCodes } from '../shared/exit-codes.ts';
import type { ExitCode } from './session.ts';

/** Where an error of the CLI belongs: the run and step it is about, the place in a file. */
export interface ErrorContext {
  readonly location?: string;
  readonly run?: string;
  readonly step?: string;
  readonly changed?: boolean;
}

interface CommandErrorAdvice {
  readonly why: string;
  readonly fix: string;
  readonly context?: ErrorContext;
}

/** An error that the CLI itself raises. */
export class CommandError extends RunbookError {
  readonly context: ErrorContext;

  constructor(code: string, what: string, { why, fix, context = {} }: CommandErrorAdvice) {
    super(code, what, { why, fix, retry: 'never' });
    this.context = context;
  }
}

/** The exit code of every error code that the CLI raises. */
export const exitByErrorCode: Readonly<Record<string, keyof typeof exitCodes>> = {
  RB_UNEXPECTED: 'bug',
  RB_USAGE: 'usage',
  RB_RUNBOOK_UNKNOWN: 'usage',
  RB_RUN_UNKNOWN: 'usage',
  RB_RUN_EXISTS: 'usage',
  RB_NOT_A_RUN: 'usage',
  RB_NO_RUN: 'usage',
  RB_STEP_UNKNOWN: 'usage',
  RB_INPUT_INVALID: 'usage',
  RB_GATE_UNKNOWN: 'usage',
  RB_INPUT_TOO_LARGE: 'usage',
  RB_FILE_UNREADABLE: 'usage',
  RB_FILE_UNWRITABLE: 'usage',
  RB_FILE_INVALID: 'usage',
  RB_PLAN_FILE: 'usage',
  RB_PLATFORM_TWICE: 'usage',
  RB_COMPOSE_INVALID: 'usage',
  RB_CONNECTION_SETTINGS: 'usage',
  RB_CODEC_SETTING: 'usage',
  RB_NOTIFY_UNSET: 'usage',
  RB_NAMESPACE_UNKNOWN: 'usage',
  RB_CONFIRMATION_NEEDED: 'refused',
  RB_NOT_CONFIRMED: 'refused',
  RB_DECISION_REFUSED: 'refused',
  RB_STOP_REFUSED: 'refused',
  RB_HOLD_REFUSED: 'refused',
  RB_APPROVAL_REFUSED: 'refused',
  RB_RETRY_REFUSED: 'refused',
  RB_SWEEP_REFUSED: 'refused',
  RB_SCHEDULE_UNKNOWN: 'usage',
  RB_LOCK_RELEASE_REFUSED: 'refused',
  RB_LOCK_IN_USE: 'refused',
  RB_OUTSIDE_WINDOW: 'refused',
  RB_INIT_NO_PROJECT: 'refused',
  RB_INIT_WHICH_PROJECT: 'usage',
  RB_INIT_ORIGIN_UNKNOWN: 'refused',
  RB_INIT_FILE_OUTSIDE: 'refused',
  RB_INIT_EXISTS: 'refused',
  RB_COMPOSE_FILE_MISSING: 'refused',
  RB_DOCKER_UNREACHABLE: 'refused',
  RB_PORT_TAKEN: 'refused',
  RB_UP_OTHER_PLATFORMS: 'refused',
  RB_TEMPORAL_CLI: 'refused',
  RB_STATE_DIRECTORY: 'refused',
  RB_NO_PLAN: 'refused',
  RB_NO_REPORT: 'needsPerson',
  RB_RUN_OPEN: 'unfinished',
  RB_WATCH_TIMEOUT: 'unfinished',
  RB_WORKFLOW_TASK_FAILING: 'unfinished',
  RB_TEMPORAL_UNREACHABLE: 'unreachable',
  RB_TEMPORAL_ANSWER: 'unreachable',
  RB_NO_WORKER: 'unreachable',
  RB_UP_FAILED: 'unreachable',
  RB_CODEC_NOT_UP: 'unreachable',
  RB_WORKER_ENDED: 'unreachable',
};

export function exitCodeOf(error: unknown): ExitCode {
  return exitOfErrorCode(errorFacts(error).code);
}

/** Codes of files and input are usage; any other known error is a precondition that refused. */
export function exitOfErrorCode(code: string): ExitCode {
  const known = exitByErrorCode[code];
  if (known !== undefined) return exitCodes[known];
  const isInput = /^RB_(FILE|YAML|PLATFORM|DEFINITION|INPUT|PARAM|REQUEST)(_|$)/.test(code);
  return isInput ? exitCodes.usage : exitCodes.refused;
}

/** The facts with advice for errors that nobody foresaw: why and fix are always there. */
export function completeFacts(error: unknown): Required<ErrorFacts> {
  const { code, what, why, fix } = errorFacts(error);
  return {
    code,
    what,
    why: why ?? 'this error was not foreseen: it may be a bug in runbook',
    fix: fix ?? 'report it with the lines below and the command that you ran',
  };
}

/** An error that the worker has told, as one of this command. */
export function knownError(facts: ErrorFacts, context: ErrorContext): CommandError {
  const { code, what, why = '', fix = '' } = facts;
  return new CommandError(code, what, { why, fix, context });
}

export function contextOf(error: unknown): ErrorContext {
  return error instanceof CommandError ? error.context : {};
}

/** The same facts for machines. */
export function errorJson(facts: ErrorFacts, context: ErrorContext) {
  return { error: { ...facts, ...context } };
}
