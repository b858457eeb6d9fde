import { z } from 'zod';
import { askMembers, interchangeable } from '../common/members.ts';
import { Port, readSettings } from '../common/settings.ts';
import { together } from '../common/together.ts';
import type { ServiceHandle, ServiceKind } from '../kind.ts';

/** Settings: the database user of the local socket, its container user, and where the socket is. */
const Settings = z.strictObject({
  user: z.string().default('postgres'),
  database: z.string().default('postgres'),
  port: Port.default(5432),
  socketDirectory: z.string().optional(),
  containerUser: z.string().optional(),
});

async function ask(service: ServiceHandle, member: string, settings: z.infer<typeof Settings>) {
  const connection = [
    ...['-U', settings.user, '-d', settings.database, '-p', String(settings.port)],
    ...(settings.socketDirectory === undefined ? [] : ['-h', settings.socketDirectory]),
  ];
  const options = settings.containerUser === undefined ? {} : { user: settings.containerUser };
  const accepting = await service.exec(member, ['pg_isready', '-q', ...connection], options);
  if (accepting.exitCode !== 0) {
    const words = accepting.exitCode === 1 ? 'starting up' : 'no answer on the socket';
    return { ok: false, words };
  }
  const query = await service.exec(
    member,
    ['psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', ...connection, '-c', 'select 1'],
    options,
  );
  const answered = query.exitCode === 0 && query.stdout.trim() === '1';
  if (answered) return { ok: true, words: 'answers queries' };
  return { ok: false, words: query.stderr.trim().split('\n').at(-1) || 'no answer to a query' };
}

/** A single PostgreSQL server: a query answered through the local socket. */
export const postgres: ServiceKind = {
  kind: 'postgres',
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
};
