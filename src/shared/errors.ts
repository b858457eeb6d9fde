/** Whether another try of the same thing can help: `maybe` lets the engine try again, `never` does not. */
export type Retry = 'maybe' | 'never';

/** The facts of an error that travel between worker, history, report and terminal. Never a secret. */
export interface ErrorFacts {
  readonly code: string;
  readonly what: string;
  readonly why?: string;
  readonly fix?: string;
}

interface ErrorAdvice {
  readonly why?: string;
  readonly fix?: string;
  readonly retry?: Retry;
}

/**
 * The one error class of the project: a stable code, what happened, why, and what to do about it.
 * A plain `Error` is a bug or something transient; a `RunbookError` is something we know.
 */
export class RunbookError extends Error {
  readonly code: string;
  readonly why: string | undefined;
  readonly fix: string | undefined;
  readonly retry: Retry;

  constructor(code: string, what: string, advice: ErrorAdvice = {}) {
    super(what);
    this.name = 'RunbookError';
    this.code = code;
    this.why = advice.why;
    this.fix = advice.fix;
    this.retry = advice.retry ?? 'maybe';
  }
}

/** An error that no repetition can cure: bad input, a refused precondition, a full stop. */
export function refuse(code: string, what: string, why: string, fix: string): RunbookError {
  return new RunbookError(code, what, { why, fix, retry: 'never' });
}

/** The facts of any thrown value; an unknown error keeps its message under the code `RB_UNEXPECTED`. */
export function errorFacts(error: unknown): ErrorFacts {
  if (error instanceof RunbookError) {
    return {
      code: error.code,
      what: error.message,
      ...(error.why === undefined ? {} : { why: error.why }),
      ...(error.fix === undefined ? {} : { fix: error.fix }),
    };
  }
  return { code: 'RB_UNEXPECTED', what: error instanceof Error ? error.message : String(error) };
}
