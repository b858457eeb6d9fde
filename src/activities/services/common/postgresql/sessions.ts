import { z } from 'zod';
import { RunbookError } from '../../../../shared/errors.ts';
import type { CredentialTarget, OpenSession } from '../../credentials.ts';
import type { LocalServer } from './local-command.ts';
import { literal } from './names.ts';
import { rowsAsJson } from './sql-json.ts';
import { asSuperuser } from './superuser-session.ts';

const Row = z.object({
  pid: z.number().int(),
  since: z.string(),
  address: z.string().nullable(),
  application: z.string(),
});

/**
 * Sessions of a login on every running server, for clients read from replicas too. Those of the superuser that
 * come through the local socket are left out: the operating system vouches for them, not a password.
 */
export async function openSessions(
  servers: readonly LocalServer[],
  login: string,
  openedBefore?: string,
): Promise<readonly OpenSession[]> {
  const before =
    openedBefore === undefined ? '' : `AND backend_start < ${literal(openedBefore)}::timestamptz`;
  const query = rowsAsJson(`
    SELECT pid, backend_start AS since, host(client_addr) AS address, application_name AS application
    FROM pg_stat_activity
    WHERE usename = ${literal(login)} ${before} AND pid <> pg_backend_pid()
      AND (client_addr IS NOT NULL OR usename <> current_user)
    ORDER BY backend_start`);
  const found = await Promise.all(
    servers.map(async (server) => {
      const rows = await asSuperuser(server, query, z.array(Row)).catch(noneWhenDown);
      return rows.map(({ pid, since, address, application }) => ({
        id: `${server.member}/${pid}/${since}`,
        since,
        from: `${address ?? 'the local socket'} to ${server.member}${application === '' ? '' : ` (${application})`}`,
      }));
    }),
  );
  return found.flat();
}

/** The start stands beside the process id: a process of a later session may have the same one. */
const idPattern = /^([a-z0-9][a-z0-9_.-]*)\/(\d{1,10})\/([0-9T:.+-]{20,40})$/;

/** Ends them where they are; one that is gone, or whose process id is another's now, is left alone. */
export async function endOpenSessions(
  target: Pick<CredentialTarget, 'checkFence' | 'service'>,
  servers: readonly LocalServer[],
  sessions: readonly OpenSession[],
): Promise<void> {
  const parsed = sessions.map(({ id }) => parseId(id));
  for (const server of servers) {
    const own = parsed.filter(({ member }) => member === server.member);
    if (own.length === 0) continue;
    const list = own.map(({ pid, since }) => `(${pid}, ${literal(since)}::timestamptz)`).join(', ');
    await target.checkFence();
    await asSuperuser(
      server,
      `SELECT json_build_object('ended', count(pg_terminate_backend(pid, 2000))) FROM pg_stat_activity
       WHERE (pid, backend_start) IN (${list});`,
      z.object({ ended: z.number() }),
    );
  }
}

function parseId(id: string) {
  const [, member, pid, since] = idPattern.exec(id) ?? [];
  if (member !== undefined && pid !== undefined && since !== undefined)
    return { member, pid, since };
  throw new Error(`expected a session as MEMBER/PID/START, got ${JSON.stringify(id.slice(0, 80))}`);
}

/** A server that does not run, or does not let anybody in yet, has no sessions. One that is silent may have. */
export function noneWhenDown(error: unknown): readonly never[] {
  const isDown =
    /No such file or directory|Connection refused|starting up|shutting down|not yet accepting/;
  const isSilent = error instanceof RunbookError && error.code === 'RB_CREDENTIAL_UNANSWERED';
  if (isSilent && isDown.test(error.why ?? '')) return [];
  throw error;
}
