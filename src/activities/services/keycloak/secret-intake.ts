import { configurationFile, writeProperties } from '../common/configuration-file.ts';

/** Keycloak knows no `_FILE`; the file that it reads anyway gets the passwords. */
export const secretIntake = configurationFile(
  {
    KC_DB_PASSWORD: 'db-password',
    KC_BOOTSTRAP_ADMIN_PASSWORD: 'bootstrap-admin-password',
    KC_BOOTSTRAP_ADMIN_CLIENT_SECRET: 'bootstrap-admin-client-secret',
    KC_HTTPS_KEY_STORE_PASSWORD: 'https-key-store-password',
    KC_HTTPS_TRUST_STORE_PASSWORD: 'https-trust-store-password',
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
