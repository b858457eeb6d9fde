import { describe, expect, test } from 'vitest';
import {
  isCredentialName,
  isFingerprintName,
} from '../../../src/shared/secrets/credential-name.ts';

describe('a name', () => {
  test.each([
    'PASSWORD',
    'POSTGRES_PASSWORD',
    'DB_PASS',
    'MYSQL_PWD',
    'MINIO_SECRET_KEY',
    'AWS_SECRET_ACCESS_KEY_OLD',
    'S3_SECRET',
    'API_KEY',
    'smtpToken',
    'spring.datasource.dbPassword',
    'db-password',
    'KC_BOOTSTRAP_ADMIN_PASSWORD',
    'PATRONI_SUPERUSER_PASSWORD',
    'GF_SECURITY_ADMIN_PASSWORD',
    'requirepass',
    'ENCRYPTION_KEY',
    'CREDENTIALS',
  ])('%s is one of a credential', (name) => {
    expect(isCredentialName(name)).toBe(true);
  });

  test.each([
    'PWD',
    'OLDPWD',
    'POSTGRES_PASSWORD_FILE',
    'GF_SECURITY_ADMIN_PASSWORD__FILE',
    'TOKEN_URL',
    'AWS_ACCESS_KEY_ID',
    'S3_ACCESS_KEY',
    'MINIO_ACCESS_KEY',
    'PASSWORD_ENCRYPTION',
    'PASSWORD_MIN_LENGTH',
    'TOKEN_TTL',
    'SSH_PUBLIC_KEY',
    'PARTITION_KEY',
    'KEYCLOAK_PORT',
    'KEYSTORE_TYPE',
    'SECRET_NAME',
    'GPG_KEY',
    'MONKEY',
    'COMPASS',
    'KAFKA_KEY_SERIALIZER',
  ])('%s is none', (name) => {
    expect(isCredentialName(name)).toBe(false);
  });

  test.each(['PYTHON_SHA256', 'GPG_KEY', 'GIT_COMMIT', 'CLUSTER_ID', 'imageDigest'])(
    '%s may look random',
    (name) => {
      expect(isFingerprintName(name)).toBe(true);
    },
  );
});
