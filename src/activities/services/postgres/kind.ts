import { z } from 'zod';
import { askMembers, interchangeable } from '../common/members.ts';
import { Port, readSettings } from '../common/settings.ts';
import { together } from '../common/together.ts';
import type { ServiceHandle, ServiceKind } from '../kind.ts';
import { recognize } from './recognize.ts';
import { secretIntake } from './secret-intake.ts';

/**
 * Settings: the database user of the local socket, or the variable of the container that names it, its container
 * user, and where the socket is.
 */
const Settings = z.strictObject({
  user: z.string().default('postgres'),
  userVariable: z
    .string()
    .regex(/^[A-Za-z_]\w*$/, { error: 'expected a name such as POSTGRES_USER' })
    .optional(),
  database: z.string().default('postgres'),
  port: Port.default(5432),
  socketDirectory: z.string().optional(),
  containerUser: z.string().optional(),
});

/** The value of the variable stays in the container. */
const asVariable = `
PGUSER=$(printenv "$1") || { echo "its container has no variable $1" >&2; exit 3; }
export PGUSER
shift
exec "$@"
`;

async function ask(service: ServiceHandle, member: string, settings: z.infer<typeof Settings>) {
  const { user, userVariable, database, port, socketDirectory, containerUser } = settings;
  const connection = [
    ...(userVariable === undefined ? ['-U', user] : []),
    ...['-d', database, '-p', String(port)],
    ...(socketDirectory === undefined ? [] : ['-h', socketDirectory]),
  ];
  const options = containerUser === undefined ? {} : { user: containerUser };
  const run = (...argv: readonly string[]) =>
    service.exec(
      member,
      userVariable === undefined ? argv : ['sh', '-c', asVariable, 'sh', userVariable, ...argv],
      options,
    );
  const accepting = await run('pg_isready', '-q', ...connection);
  if (accepting.exitCode !== 0) {
    const why = accepting.stderr.trim().split('\n').at(-1) || 'no answer on the socket';
    return { ok: false, words: accepting.exitCode === 1 ? 'starting up' : why };
  }
  const query = await run(
    ...['psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', ...connection],
    ...['-c', 'select 1'],
  );
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
};
