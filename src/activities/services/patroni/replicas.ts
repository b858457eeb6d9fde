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

const Seen = z.object({
  /** Of the verifier that this server holds a login against. */
  verifier: z.string().nullable(),
  streams: z.array(z.object({ member: z.string(), anew: z.boolean() })).nullable(),
});

/**
 * Ends the streams of replicas that were opened before a time, so that they have to log in with the password of now,
 * and waits until every replica streams again. Streams that were opened since are left alone, so it may be repeated.
 *
 * A replica may stream from another one (`replicatefrom`), which knows the new password only once it has replayed it:
 * until then its streams prove nothing, and are not cut.
 */
export async function reconnectReplicas(
  { service, checkFence }: CredentialTarget,
  login: string,
  openedBefore: string,
): Promise<string> {
  const startedAt = Date.now();
  for (;;) {
    const primary = await servers.primary(service);
    const names = await replicasOf(service, primary);
    const looks = (await servers.running(service)).map(async (server) => {
      const look = lookAt(server, login, openedBefore);
      const isPrimary = server.member === primary.member;
      return { server, isPrimary, ...(await (isPrimary ? look : look.catch(nothingWhenAway))) };
    });
    const all = await Promise.all(looks);
    const verifier = all.find(({ isPrimary }) => isPrimary)?.verifier ?? undefined;
    const connected = new Set<string>();
    for (const { server, ...seen } of all) {
      if (seen.verifier !== verifier) continue;
      const streams = (seen.streams ?? []).filter(({ member }) => names.includes(member));
      for (const { member, anew } of streams) if (anew) connected.add(member);
      if (streams.every(({ anew }) => anew)) continue;
      await checkFence();
      await endStreams(server, login, openedBefore, names).catch(nothingWhenAway);
    }
    const missing = names.filter((name) => !connected.has(name));
    if (missing.length === 0) {
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
      return `${names.join(', ') || 'no replica'} streaming with the new password after ${seconds} s`;
    }
    if (Date.now() - startedAt > deadlineMs) throw notStreaming(service, missing);
    await wait(pollMs);
  }
}

async function replicasOf(
  service: ServiceHandle,
  primary: LocalServer,
): Promise<readonly string[]> {
  const cluster = await readCluster(service);
  // The last member went away between the two questions.
  if (cluster === undefined) return replicasOf(service, await servers.primary(service));
  return cluster.filter(({ name }) => name !== primary.member).map(({ name }) => name);
}

/** Patroni names each stream after its member. */
const lookAt = (server: LocalServer, login: string, openedBefore: string) =>
  asSuperuser(
    server,
    rowsAsJson(`
      SELECT (SELECT md5(rolpassword) FROM pg_authid WHERE rolname = ${literal(login)}) AS verifier,
        (SELECT json_agg(json_build_object('member', application_name,
            'anew', backend_start >= ${literal(openedBefore)}::timestamptz))
          FROM pg_stat_replication WHERE usename = ${literal(login)} AND state = 'streaming') AS streams`),
    z.tuple([Seen]).transform(([seen]) => seen),
  );

/** A server that does not run, or is not to be asked just now, has no streams; the deadline judges. */
function nothingWhenAway(error: unknown): z.infer<typeof Seen> {
  const isAway = error instanceof RunbookError && error.code === 'RB_NO_PRIMARY';
  if (!isAway) noneWhenDown(error);
  return { verifier: null, streams: null };
}

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
