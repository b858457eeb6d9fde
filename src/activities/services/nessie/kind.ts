import { askedOverHttp } from '../common/http-health.ts';
import { together } from '../common/together.ts';
import type { ServiceKind } from '../kind.ts';
import { recognize } from './recognize.ts';
import { secretIntake } from './secret-intake.ts';

/** The readiness of the management port includes the version store. */
export const nessie: ServiceKind = {
  kind: 'nessie',
  recognize,
  secretIntake,
  ...askedOverHttp({ port: 9000, path: '/q/health/ready', scheme: 'http' }),
  lifecycle: together,
};
