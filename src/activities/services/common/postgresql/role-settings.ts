import { literal, quoted } from './names.ts';
import type { Role } from './roles.ts';

/** These hold lists of names; PostgreSQL keeps them quoted already and would take one text for one name. */
const listSettings = new Set([
  'search_path',
  'temp_tablespaces',
  'local_preload_libraries',
  'session_preload_libraries',
]);

/** Gives a login the settings of a role and no others, with the role itself as the one that it acts as. */
export function copySettings(login: string, role: Role): readonly string[] {
  const databases = [...new Set(role.settings.flatMap(({ database }) => database ?? []))];
  return [
    `ALTER ROLE ${quoted(login)} RESET ALL;`,
    ...databases.map(
      (name) => `ALTER ROLE ${quoted(login)} IN DATABASE ${quoted(name)} RESET ALL;`,
    ),
    `ALTER ROLE ${quoted(login)} SET role = ${literal(role.name)};`,
    ...role.settings.map(({ database, assignment }) => {
      const where = database === null ? '' : ` IN DATABASE ${quoted(database)}`;
      return `ALTER ROLE ${quoted(login)}${where} SET ${assignmentSql(assignment)};`;
    }),
  ];
}

function assignmentSql(assignment: string): string {
  const cut = assignment.indexOf('=');
  const [name, value] = [assignment.slice(0, cut), assignment.slice(cut + 1)];
  const values = listSettings.has(name) ? listed(value) : [value];
  // A setting of an extension has a dot between two names.
  const sqlName = name.split('.').map(quoted).join('.');
  return `${sqlName} = ${values.map(literal).join(', ') || "''"}`;
}

/** The names of a list as PostgreSQL keeps it: `"$user", public`. */
function listed(value: string): readonly string[] {
  const parts = value.match(/"(?:[^"]|"")*"|[^\s,"]+/g) ?? [];
  return parts.map((part) =>
    part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.toLowerCase(),
  );
}
