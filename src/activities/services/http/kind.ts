import { askedOverHttp } from '../common/http-health.ts';
import { together } from '../common/together.ts';
import type { ServiceKind } from '../kind.ts';
import { recognize } from './recognize.ts';

/** Any stateless service with an HTTP answer; the platform file says the port. */
export const http: ServiceKind = {
  kind: 'http',
  recognize,
  ...askedOverHttp({ path: '/', scheme: 'http' }),
  lifecycle: together,
};
