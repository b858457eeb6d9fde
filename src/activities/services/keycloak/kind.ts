import { askedOverHttp } from '../common/http-health.ts';
import { together } from '../common/together.ts';
import type { ServiceKind } from '../kind.ts';
import { credentials } from './credentials.ts';
import { clientSettings } from './location.ts';
import { recognize } from './recognize.ts';
import { secretIntake } from './secret-intake.ts';

/** The readiness of the management port includes the database connection. */
export const keycloak: ServiceKind = {
  kind: 'keycloak',
  recognize,
  secretIntake,
  ...askedOverHttp({ port: 9000, path: '/health/ready', scheme: 'http' }, clientSettings),
  lifecycle: together,
  credentials,
};
