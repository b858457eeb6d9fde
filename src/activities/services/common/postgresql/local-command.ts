import type { ExecOptions, ExecResult } from '../../../docker/engine.ts';
import type { ServiceHandle } from '../../kind.ts';
import type { LocalSettings } from './local-settings.ts';

/** The value of the variable stays in the container. */
const asVariable = `
PGUSER=$(printenv "$1") || { echo "its container has no variable $1" >&2; exit 3; }
export PGUSER
shift
exec "$@"
`;

/** Where a command runs: one server of a service. */
export interface LocalServer {
  readonly service: ServiceHandle;
  readonly member: string;
  readonly settings: LocalSettings;
}

/** Runs a client program in a server's container, over its local socket. */
export function runLocally(
  { service, member, settings }: LocalServer,
  [program, ...args]: readonly [program: string, ...args: string[]],
  options: ExecOptions = {},
): Promise<ExecResult> {
  const { user, userVariable, database, port, socketDirectory, containerUser } = settings;
  const argv = [
    ...[program, ...(userVariable === undefined ? ['-U', user] : [])],
    ...['-d', database, '-p', String(port)],
    ...(socketDirectory === undefined ? [] : ['-h', socketDirectory]),
    ...args,
  ];
  return service.exec(
    member,
    userVariable === undefined ? argv : ['sh', '-c', asVariable, 'sh', userVariable, ...argv],
    { ...options, ...(containerUser === undefined ? {} : { user: containerUser }) },
  );
}

/** As the argument of `-d`, where a bare name with `=` in it would be taken for a whole connection string. */
export const databaseArgument = (name: string): string =>
  `dbname='${name.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
