import { z } from 'zod';
import type { CredentialTarget } from '../../credentials.ts';
import type { LocalServer } from './local-command.ts';
import { asSuperuser } from './superuser-session.ts';

const Changed = z.object({ at: z.string(), behind: z.number() });

/** How long replicas are waited for where consumers wait too: until their files have the value, it is refused. */
export const whileConsumersWaitMs = 100;
const usuallyMs = 2000;

/**
 * What has reached the replicas is not lost with the primary, and who logs in there meets it too: so it is waited for
 * them, and only then is it told what time it is.
 */
const settled = (waitMs: number) => `
DO $$ DECLARE here pg_lsn := pg_current_wal_flush_lsn(); BEGIN
  FOR try IN 1..${waitMs / 5} LOOP
    EXIT WHEN NOT EXISTS (SELECT FROM pg_stat_replication WHERE state = 'streaming' AND replay_lsn < here);
    PERFORM pg_sleep(0.005);
  END LOOP;
END $$;
SELECT json_build_object('at', clock_timestamp(), 'behind', (SELECT count(*) FROM pg_stat_replication
  WHERE state = 'streaming' AND replay_lsn < pg_current_wal_flush_lsn()));`;

/** Makes a change on the primary. `at`: by the server's clock, when nobody could log in as before any more. */
export async function change(
  target: Pick<CredentialTarget, 'checkFence' | 'log'>,
  server: LocalServer,
  statements: string,
  waitMs = usuallyMs,
): Promise<{ readonly at: string }> {
  await target.checkFence();
  const { at, behind } = await asSuperuser(server, `${statements}${settled(waitMs)}`, Changed);
  if (behind > 0) target.log(`${behind} replicas have not replayed the change yet`);
  return { at };
}

/** The time by the clock of a server where nothing is to be changed. */
export async function now(server: LocalServer): Promise<{ readonly at: string }> {
  const Now = z.object({ at: z.string() });
  return asSuperuser(server, `SELECT json_build_object('at', clock_timestamp());`, Now);
}
