import { type SeenService, unknown } from '../../../shared/secrets/variable-account.ts';
import { configurationFile, writeProperties } from '../common/configuration-file.ts';
import { jdbcAccount } from '../common/postgresql/jdbc-url.ts';

/** Options of the command line win over variables. */
const options = /^--(?:db-(?:url|username|password)|bootstrap-admin)/;

function jdbcUrl({ variables }: SeenService): string | undefined {
  const host = variables.get('KC_DB_URL_HOST');
  const whole = variables.get('KC_DB_URL');
  if (whole !== undefined || host === undefined || variables.get('KC_DB') !== 'postgres') {
    return whole;
  }
  const port = variables.get('KC_DB_URL_PORT') ?? '5432';
  return `jdbc:postgresql://${host}:${port}/${variables.get('KC_DB_URL_DATABASE') ?? 'keycloak'}`;
}

/** Keycloak knows no `_FILE`; the file that it reads anyway gets the passwords. */
export const secretIntake = configurationFile(
  {
    KC_DB_PASSWORD: 'db-password',
    KC_BOOTSTRAP_ADMIN_PASSWORD: 'bootstrap-admin-password',
    KC_BOOTSTRAP_ADMIN_CLIENT_SECRET: 'bootstrap-admin-client-secret',
    KC_HTTPS_KEY_STORE_PASSWORD: 'https-key-store-password',
    KC_HTTPS_TRUST_STORE_PASSWORD: 'https-trust-store-password',
  },
  (variable, seen) => {
    if (seen.words.some((word) => options.test(word)))
      return unknown('its command says something else than its variables');
    if (variable === 'KC_DB_PASSWORD')
      return jdbcAccount(jdbcUrl(seen), seen.variables.get('KC_DB_USERNAME'));
    if (variable !== 'KC_BOOTSTRAP_ADMIN_PASSWORD')
      return unknown(`nothing says which account ${variable} is for`);
    // Only the first start makes the account.
    const user = seen.variables.get('KC_BOOTSTRAP_ADMIN_USERNAME') ?? 'temp-admin';
    return { type: 'admin', account: { user }, takes: 'start' };
  },
  `# Keycloak reads passwords from its configuration file: it is written in memory, for it alone.
set -eu
umask 077
file=/run/secrets-config/keycloak.conf
cat "\${KC_CONFIG_FILE:-/opt/keycloak/conf/keycloak.conf}" >"$file"
echo >>"$file"
${writeProperties}export KC_CONFIG_FILE="$file"
exec "$@"
`,
);
