import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { RunbookError } from '../../../shared/errors.ts';
import type { LocalServer } from '../common/postgresql/local-command.ts';
import { literal } from '../common/postgresql/names.ts';
import { noneWhenDown } from '../common/postgresql/sessions.ts';
import { rowsAsJson } from '../common/postgresql/sql-json.ts';
import { asSuperuser } from '../common/postgresql/superuser-session.ts';
import type { CredentialTarget } from '../credentials.ts';
import type { ServiceHandle } from '../kind.ts';
import { readCluster } from './cluster.ts';
import { servers } from './servers.ts';

/** A replica tries again every 5 s (wal_retrieve_retry_interval); the rest is for a loop of Patroni. */
const deadlineMs = 30_000;
const pollMs = 300;

const Stream = z.object({ member: z.string(), anew: z.boolean() });
type Stream = z.infer<typeof Stream>;
const Streams = z.array(Stream);

/**
 * Ends the streams of replicas that were opened before a time, so that they have to log in with the password of now,
 * and waits until every replica streams again. Streams that were opened since are left alone, so it may be repeated.
 */
export async function reconnectReplicas(
  { service, checkFence }: CredentialTarget,
  login: string,
  openedBefore: string,
): Promise<string> {
  const startedAt = Date.now();
  const before = await replicasOf(service);
  for (const server of await servers.running(service)) {
    const isOld = ({ member, anew }: Stream) => !anew && before.includes(member);
    if (!(await streamsFrom(server, login, openedBefore)).some(isOld)) continue;
    await checkFence();
    await endStreams(server, login, openedBefore, before);
  }
  for (;;) {
    const names = await replicasOf(service);
    const streams = await streamsFromAny(service, login, openedBefore);
    const missing = names.filter(
      (name) => !streams.some(({ member, anew }) => anew && member === name),
    );
    if (missing.length === 0) {
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
      return `${names.join(', ') || 'no replica'} streaming with the new password after ${seconds} s`;
    }
    if (Date.now() - startedAt > deadlineMs) throw notStreaming(service, missing);
    await wait(pollMs);
  }
}

/** Throws while there is no primary: nobody knows then who follows whom. */
async function replicasOf(service: ServiceHandle): Promise<readonly string[]> {
  const { member } = await servers.primary(service);
  const cluster = await readCluster(service);
  // The last member went away between the two questions.
  if (cluster === undefined) return replicasOf(service);
  return cluster.filter(({ name }) => name !== member).map(({ name }) => name);
}

/** From the primary, or from the replica that a member follows instead (`replicatefrom`). */
const streamsFromAny = async (service: ServiceHandle, login: string, openedBefore: string) =>
  (
    await Promise.all(
      (await servers.running(service)).map((server) => streamsFrom(server, login, openedBefore)),
    )
  ).flat();

/** Patroni names each stream after its member. A server that is not there sends none. */
const streamsFrom = (server: LocalServer, login: string, openedBefore: string) =>
  asSuperuser(
    server,
    rowsAsJson(`SELECT application_name AS member, backend_start >= ${literal(openedBefore)}::timestamptz AS anew
      FROM pg_stat_replication WHERE usename = ${literal(login)} AND state = 'streaming'`),
    Streams,
  ).catch(noneWhenDown);

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

const notStreaming = (service: ServiceHandle, missing: readonly string[]) =>
  new RunbookError(
    'RB_REPLICAS_BEHIND',
    `not every replica of ${service.name} streams with the new password`,
    {
      why: `after ${deadlineMs / 1000} s no new stream of ${missing.join(', ')}`,
      fix: 'see their logs; a member that still has the old password has to read its configuration again; then retry',
    },
  );
