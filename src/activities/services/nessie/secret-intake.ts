import { unknown } from '../../../shared/secrets/variable-account.ts';
import { writeProperties } from '../common/configuration-file.ts';
import { jdbcAccount } from '../common/postgresql/jdbc-url.ts';
import type { SecretIntake } from '../kind.ts';

/** Variables of Quarkus whose names read back without doubt: `QUARKUS_DATASOURCE_POSTGRESQL_PASSWORD`. */
const password = /^QUARKUS_(?:DATASOURCE(?:_[A-Z0-9]+)?_PASSWORD|OIDC_CREDENTIALS_SECRET)$/;

/** Nessie, as any Quarkus program, reads further properties from files. */
export const secretIntake: SecretIntake = {
  intakeOf: (variable) =>
    password.test(variable)
      ? { how: 'configuration file', setting: variable.toLowerCase().replaceAll('_', '.') }
      : undefined,
  opens: (variable, { variables, words }) => {
    const source = /^(QUARKUS_DATASOURCE(?:_[A-Z0-9]+)?)_PASSWORD$/.exec(variable)?.[1];
    if (source === undefined) return unknown(`nothing says which account ${variable} is for`);
    // System properties win over variables.
    if (words.some((word) => /quarkus\.datasource/i.test(word)))
      return unknown('its command says something else than its variables');
    return jdbcAccount(variables.get(`${source}_JDBC_URL`), variables.get(`${source}_USERNAME`));
  },
  script: `# Quarkus reads passwords from a file of properties: it is written in memory, for it alone.
set -eu
umask 077
file=/run/secrets-config/application.properties
: >"$file"
${writeProperties}export SMALLRYE_CONFIG_LOCATIONS="\${SMALLRYE_CONFIG_LOCATIONS:+$SMALLRYE_CONFIG_LOCATIONS,}$file"
exec "$@"
`,
};
