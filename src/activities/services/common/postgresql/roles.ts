import { z } from 'zod';
import { refuse } from '../../../../shared/errors.ts';
import { didYouMean } from '../../../../shared/nearest.ts';
import type { LocalServer } from './local-command.ts';
import { literal } from './names.ts';
import { asSuperuser } from './superuser-session.ts';

const Role = z.object({
  name: z.string(),
  canLogIn: z.boolean(),
  /** What the server keeps of its password. It never leaves this process. */
  stored: z.string().nullable(),
  memberOf: z.array(z.string()),
  settings: z.array(z.object({ database: z.string().nullable(), assignment: z.string() })),
  connectionLimit: z.number(),
  replicates: z.boolean(),
  bypassesRowSecurity: z.boolean(),
});
export type Role = z.infer<typeof Role>;

const Found = z.object({
  roles: z.array(Role),
  known: z.array(z.string()),
  iterations: z.coerce.number().int().min(1).max(1_000_000),
});

export interface FoundRoles {
  get(name: string): Role | undefined;
  /** Throws with the nearest names when there is no such role. */
  require(name: string): Role;
  /** How many iterations the server would give to a password. */
  readonly iterations: number;
}

/** How many names an error lists. */
const maxListed = 20;

/** The roles of these names as the server keeps them. */
export async function readRoles(
  server: LocalServer,
  names: readonly string[],
): Promise<FoundRoles> {
  const found = await asSuperuser(server, query(names), Found);
  const get = (name: string) => found.roles.find((role) => role.name === name);
  return {
    get,
    iterations: found.iterations,
    require(name) {
      const role = get(name);
      if (role !== undefined) return role;
      const listed = found.known.slice(0, maxListed);
      throw refuse(
        'RB_ACCOUNT_UNKNOWN',
        `${server.service.name} has no role ${JSON.stringify(name)}${didYouMean(name, found.known)}`,
        `its roles: ${listed.join(', ')}${found.known.length > maxListed ? ', ...' : ''}`,
        'correct the account of the secret in the platform file, or make the role',
      );
    },
  };
}

const query = (names: readonly string[]) => `
SELECT json_build_object(
  'iterations', coalesce(current_setting('scram_iterations', true), '4096'),
  'known', (SELECT coalesce(json_agg(rolname ORDER BY rolname), '[]') FROM pg_roles WHERE rolname !~ '^pg_'),
  'roles', (SELECT coalesce(json_agg(json_build_object(
    'name', r.rolname, 'canLogIn', r.rolcanlogin, 'stored', r.rolpassword, 'connectionLimit', r.rolconnlimit,
    'replicates', r.rolreplication, 'bypassesRowSecurity', r.rolbypassrls,
    'memberOf', (SELECT coalesce(json_agg(g.rolname), '[]') FROM pg_auth_members m
      JOIN pg_authid g ON g.oid = m.roleid WHERE m.member = r.oid),
    'settings', (SELECT coalesce(json_agg(json_build_object('database', d.datname, 'assignment', a)), '[]')
      FROM pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) a
      WHERE s.setrole = r.oid)
  )), '[]') FROM pg_authid r WHERE r.rolname IN (${names.map(literal).join(', ')})));`;
