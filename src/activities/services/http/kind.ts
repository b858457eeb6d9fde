import { askedOverHttp } from '../common/http-health.ts';
import { together } from '../common/together.ts';
import type { ServiceKind } from '../kind.ts';

/** Any stateless service with an HTTP answer; the platform file says the port. */
export const http: ServiceKind = {
  kind: 'http',
  ...askedOverHttp({ path: '/', scheme: 'http' }),
  lifecycle: together,
};
