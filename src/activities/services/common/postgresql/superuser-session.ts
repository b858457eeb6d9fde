import type { z } from 'zod';
import { RunbookError, refuse } from '../../../../shared/errors.ts';
import { type LocalServer, runLocally } from './local-command.ts';

/** The server gives up before the client does: a statement that is left behind would take effect later. */
const statementSeconds = 6;
const clientTimeoutMs = 10_000;

/**
 * A verifier is as good as a password for whoever pretends to be the server, so no log may have one: not of
 * statements, of slow ones, of those that fail, of extensions, nor the view of what runs. Settings of extensions that are
 * not loaded are taken as names only.
 */
const unseen = `
SET log_statement = none; SET log_min_error_statement = panic; SET log_duration = off;
SET log_min_duration_statement = -1; SET log_min_duration_sample = -1; SET log_transaction_sample_rate = 0;
SET debug_print_parse = off; SET debug_print_rewritten = off; SET debug_print_plan = off;
SET track_activities = off; SET pgaudit.log = 'none'; SET pg_stat_statements.track = 'none';
`;

const bounded = `
SET search_path = ''; SET statement_timeout = '${statementSeconds}s'; SET lock_timeout = '${statementSeconds}s';
SET idle_in_transaction_session_timeout = '${statementSeconds}s'; SET standard_conforming_strings = on;
SET TimeZone = 'UTC';
`;

/** With this no error repeats a part of a statement. */
const codesOnly = ['-v', 'VERBOSITY=sqlstate', '-v', 'SHOW_CONTEXT=never'];

/** Runs statements as the superuser, from standard input, and reads the JSON that they print. */
export async function asSuperuser<T>(
  server: LocalServer,
  statements: string,
  answer: z.ZodType<T>,
): Promise<T> {
  const { exitCode, stdout, stderr } = await runLocally(
    server,
    ['psql', '-wXAtq', '-v', 'ON_ERROR_STOP=1', ...codesOnly, '-f', '-'],
    { input: `${unseen}${bounded}${statements}\n`, timeoutMs: clientTimeoutMs },
  );
  if (exitCode !== 0) throw refusal(server, exitCode, stderr);
  const parsed = answer.safeParse(parseJson(stdout));
  if (parsed.success) return parsed.data;
  throw new RunbookError(
    'RB_CREDENTIAL_ANSWER',
    `PostgreSQL in ${server.member} answered strangely`,
    {
      why: 'a statement of the superuser printed something else than the JSON that was asked for',
      fix: 'see whether psql of its image works, then retry',
    },
  );
}

function parseJson(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Said before there is a session, by the server or, without a password to give, by its client. */
const notAdmitted =
  /(?:authentication failed|role ".*" does not exist|is not permitted to log in|no pg_hba\.conf entry|no password supplied)/;
/** 42501: the session may not do what only a superuser may. */
const notAllowed = '42501';

/** 25006: a primary no longer; what follows are servers that start, stop or have another life. */
const wrongServer = /^(?:25006|57P0[1-4]|08\w{3})$/;
const busy = /^(?:55P03|57014|40\w{3}|53\w{3})$/;

/** Nothing of a statement: the code that the server gave, or what the client said before it sent one. */
function refusal({ member }: LocalServer, exitCode: number, stderr: string): RunbookError {
  const state = /(?:ERROR|FATAL|PANIC): +([0-9A-Z]{5})\s*$/m.exec(stderr)?.[1];
  if (state === undefined) {
    const words = stderr.trim().split('\n').filter(isBeforeStatements).at(-1);
    if (words !== undefined && notAdmitted.test(words)) return refusesSuperuser(member, words);
    return new RunbookError('RB_CREDENTIAL_UNANSWERED', `PostgreSQL in ${member} cannot be asked`, {
      why: words ?? `psql ended with exit code ${exitCode}`,
      fix: `see whether ${member} is well and takes its superuser on its local socket, then retry`,
    });
  }
  if (state === notAllowed)
    return refusesSuperuser(member, `SQLSTATE ${state}: it is no superuser`);
  if (wrongServer.test(state)) {
    return new RunbookError('RB_NO_PRIMARY', `${member} is not the primary, or not any more`, {
      why: `PostgreSQL answered SQLSTATE ${state}`,
      fix: 'nothing: the next try looks for the primary again',
    });
  }
  if (busy.test(state)) {
    return new RunbookError('RB_DATABASE_BUSY', `PostgreSQL in ${member} did not get to it`, {
      why: `SQLSTATE ${state}: something holds a lock, or there is no room for another session`,
      fix: 'see pg_stat_activity and pg_locks, then retry',
    });
  }
  return new RunbookError('RB_CREDENTIAL_ANSWER', `PostgreSQL in ${member} refused a statement`, {
    why: `SQLSTATE ${state}`,
    fix: `look it up in the appendix "Error Codes" of PostgreSQL's manual; the log of ${member} has its words`,
  });
}

const refusesSuperuser = (member: string, why: string) =>
  refuse(
    'RB_CREDENTIAL_ADMIN',
    `PostgreSQL in ${member} refuses who administers its accounts`,
    why,
    "correct `user` in the service's settings: a superuser whom the local socket takes without a password",
  );

/** psql marks what a statement brought with the place where it stood. */
const isBeforeStatements = (line: string) => !/^psql:[^ ]*:\d+:|^LINE \d+:|^ *\^$/.test(line);
