import { RunbookError, refuse } from '../../../../shared/errors.ts';
import { literal, quoted } from './names.ts';
import { copySettings } from './role-settings.ts';
import type { FoundRoles, Role } from './roles.ts';

const suffixes = ['_a', '_b'] as const;

/**
 * The logins of an account that take turns: the role as the platform made it, and two more. The role goes on to own what
 * it owns, as the group that both belong to; it ends to be a login when it is retired.
 */
export const loginsOf = (role: string): readonly string[] => [
  role,
  ...suffixes.map((suffix) => `${role}${suffix}`),
];

/** NAME -> NAME_a -> NAME_b -> NAME_a; the role itself when there was no login before. */
export function nextTurn(role: string, current: string | undefined): string {
  const [base, a = role, b = role] = loginsOf(role);
  if (current === undefined) return role;
  if (Buffer.byteLength(a) > 63) throw tooLong(role);
  return current === base || current === b ? a : b;
}

/** A role of that name that is no member was made by somebody else, for something else. */
const isClone = (login: Role, role: string): boolean => login.memberOf.includes(role);

/**
 * In one transaction, so that nobody sees half of it: the login with the rights of the role. `SET role` makes what
 * it creates belong to the role; else the other login would lack rights on it.
 */
export function setClone(roles: FoundRoles, role: string, login: string, verifier: string): string {
  const group = roles.require(role);
  const present = roles.get(login);
  if (present !== undefined && !isClone(present, role)) throw taken(role, login);
  const made =
    present === undefined ? [`CREATE ROLE ${quoted(login)} IN ROLE ${quoted(role)};`] : [];
  return [
    'BEGIN;',
    ...made,
    `ALTER ROLE ${quoted(login)} LOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE`,
    `${group.replicates ? 'REPLICATION' : 'NOREPLICATION'}`,
    `${group.bypassesRowSecurity ? 'BYPASSRLS' : 'NOBYPASSRLS'}`,
    `CONNECTION LIMIT ${group.connectionLimit} VALID UNTIL 'infinity' PASSWORD ${literal(verifier)};`,
    ...copySettings(login, group),
    'COMMIT;',
  ].join('\n');
}

/** What a login made without acting as the role (a pooler resets that) becomes the role's; then it is no login more. */
export function retireLogin(role: string, login: string): string {
  const handOver = login === role ? [] : [`REASSIGN OWNED BY ${quoted(login)} TO ${quoted(role)};`];
  return [
    'BEGIN;',
    ...handOver,
    `ALTER ROLE ${quoted(login)} NOLOGIN PASSWORD NULL;`,
    'COMMIT;',
  ].join('\n');
}

const tooLong = (role: string) =>
  refuse(
    'RB_ACCOUNT_INVALID',
    `the role ${JSON.stringify(role)} cannot alternate`,
    'with "_a" after it its name has more than 63 bytes, and PostgreSQL would cut it',
    'give the secret the strategy "single", or the role a shorter name',
  );

const taken = (role: string, login: string) =>
  new RunbookError('RB_ACCOUNT_TAKEN', `there is another role ${JSON.stringify(login)} already`, {
    why: `it is no member of ${JSON.stringify(role)}, so it is somebody else's`,
    fix: `give the secret the strategy "single", or that role another name; if it is the account's own: GRANT ${quoted(role)} TO ${quoted(login)}`,
    retry: 'never',
  });
