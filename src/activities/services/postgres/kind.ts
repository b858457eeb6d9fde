import type { z } from 'zod';
import { askMembers, interchangeable } from '../common/members.ts';
import { runLocally } from '../common/postgresql/local-command.ts';
import { roleAccount } from '../common/postgresql/role-account.ts';
import { readSettings } from '../common/settings.ts';
import { together } from '../common/together.ts';
import type { ServiceHandle, ServiceKind } from '../kind.ts';
import { recognize } from './recognize.ts';
import { secretIntake } from './secret-intake.ts';
import { Settings, servers } from './servers.ts';

async function ask(service: ServiceHandle, member: string, settings: z.infer<typeof Settings>) {
  const server = { service, member, settings };
  const accepting = await runLocally(server, ['pg_isready', '-q']);
  if (accepting.exitCode !== 0) {
    const why = accepting.stderr.trim().split('\n').at(-1) || 'no answer on the socket';
    return { ok: false, words: accepting.exitCode === 1 ? 'starting up' : why };
  }
  const query = await runLocally(server, [
    ...(['psql', '-XAtq', '-v', 'ON_ERROR_STOP=1'] as const),
    ...['-c', 'select 1'],
  ]);
  const answered = query.exitCode === 0 && query.stdout.trim() === '1';
  if (answered) return { ok: true, words: 'answers queries' };
  return { ok: false, words: query.stderr.trim().split('\n').at(-1) || 'no answer to a query' };
}

/** A single PostgreSQL server: a query answered through the local socket. */
export const postgres: ServiceKind = {
  kind: 'postgres',
  recognize,
  secretIntake,
  settings: Settings,
  // The answer to whoever asks before the database has opened: a health gate, a client that tries early.
  harmlessLogLines: [/FATAL: +the database system is (starting up|not yet accepting connections)/],
  lifecycle: together,
  health: {
    async check(service) {
      const settings = readSettings(service, Settings);
      return interchangeable(await askMembers(service, (member) => ask(service, member, settings)));
    },
  },
  credentials: { types: { role: roleAccount(servers) } },
};
