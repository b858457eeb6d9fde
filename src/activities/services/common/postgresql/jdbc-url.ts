import { type ToldAccount, unknown } from '../../../../shared/secrets/variable-account.ts';

/** Names that mean the same with and without the quoting of URLs. */
const url = /^jdbc:postgresql:\/\/([a-z0-9_.:,-]+)\/([A-Za-z0-9_.-]+)(?:\?(.*))?$/;

/** The role that a program logs in as with a URL of JDBC, a name and the password that is asked about. */
export function jdbcAccount(jdbcUrl: string | undefined, role: string | undefined): ToldAccount {
  if (jdbcUrl === undefined) return unknown('no variable says which database it is for');
  if (role === undefined) return unknown('no variable says whose password it is');
  const [, hosts = '', database = '', options = ''] = url.exec(jdbcUrl) ?? [];
  if (hosts === '') return unknown('its URL is not one of a database of PostgreSQL by name');
  if (/(?:^|&)(?:user|password)=/.test(options)) return unknown('its URL says another login');
  const at = hosts.split(',').map((host) => (host.includes(':') ? host : `${host}:5432`));
  return { type: 'role', account: { role, database }, at, takes: 'restart' };
}
