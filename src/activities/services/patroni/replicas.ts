import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { RunbookError } from '../../../shared/errors.ts';
import type { LocalServer } from '../common/postgresql/local-command.ts';
import { literal } from '../common/postgresql/names.ts';
import { rowsAsJson } from '../common/postgresql/sql-json.ts';
import { asSuperuser } from '../common/postgresql/superuser-session.ts';
import type { CredentialTarget } from '../credentials.ts';
import { readCluster } from './cluster.ts';
import { servers } from './servers.ts';

/** A replica tries again every 5 s (wal_retrieve_retry_interval); the rest is for a loop of Patroni. */
const deadlineMs = 30_000;
const pollMs = 300;

const Streams = z.array(z.object({ member: z.string(), anew: z.boolean() }));

/**
 * Ends the streams of replicas that were opened before a time, so that they have to log in with the password of now,
 * and waits until every replica streams again. Streams that were opened since are left alone, so it may be repeated.
 */
export async function reconnectReplicas(
  target: CredentialTarget,
  login: string,
  openedBefore: string,
): Promise<string> {
  const startedAt = Date.now();
  const [server, expected] = await replicasOf(target);
  const old = (await streams(server, login, openedBefore)).filter(({ anew }) => !anew);
  if (old.length > 0) {
    await target.checkFence();
    await endStreams(server, login, openedBefore, expected);
  }
  for (;;) {
    const [now, names] = await replicasOf(target);
    const anew = (await streams(now, login, openedBefore)).filter((stream) => stream.anew);
    const missing = names.filter((name) => !anew.some(({ member }) => member === name));
    if (missing.length === 0) {
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
      return `${names.join(', ') || 'no replica'} streaming with the new password after ${seconds} s`;
    }
    if (Date.now() - startedAt > deadlineMs) throw notStreaming(now, missing);
    await wait(pollMs);
  }
}

/** The primary, and the members that stream from it. */
async function replicasOf({ service }: CredentialTarget) {
  const server = await servers.primary(service);
  const cluster = (await readCluster(service)) ?? [];
  const names = cluster.filter(({ leader }) => !leader).map(({ name }) => name);
  return [server, names] as const;
}

/** Patroni names each stream after its member. */
const streams = (server: LocalServer, login: string, openedBefore: string) =>
  asSuperuser(
    server,
    rowsAsJson(`SELECT application_name AS member, backend_start >= ${literal(openedBefore)}::timestamptz AS anew
      FROM pg_stat_replication WHERE usename = ${literal(login)} AND state = 'streaming'`),
    Streams,
  );

/** Only those of members: a base backup that somebody takes with the same login is not cut off. */
const endStreams = (
  server: LocalServer,
  login: string,
  openedBefore: string,
  members: readonly string[],
) =>
  asSuperuser(
    server,
    `SELECT json_build_object('ended', count(pg_terminate_backend(pid))) FROM pg_stat_replication
     WHERE usename = ${literal(login)} AND backend_start < ${literal(openedBefore)}::timestamptz
       AND application_name = ANY (ARRAY[${members.map(literal).join(', ')}]::text[]);`,
    z.object({ ended: z.number() }),
  );

const notStreaming = ({ service }: LocalServer, missing: readonly string[]) =>
  new RunbookError(
    'RB_REPLICAS_BEHIND',
    `not every replica of ${service.name} streams with the new password`,
    {
      why: `after ${deadlineMs / 1000} s no new stream of ${missing.join(', ')}`,
      fix: 'see their logs; a member that still has the old password has to read its configuration again; then retry',
    },
  );
