import { askedOverHttp } from '../common/http-health.ts';
import { together } from '../common/together.ts';
import type { ServiceKind } from '../kind.ts';
import { accessKey } from './access-key.ts';
import { recognize } from './recognize.ts';
import { root } from './root.ts';
import { secretIntake } from './secret-intake.ts';

/** `cluster` answers only with a write quorum of drives; `live` would only mean "a process listens". */
export const minio: ServiceKind = {
  kind: 'minio',
  recognize,
  secretIntake,
  ...askedOverHttp({ port: 9000, path: '/minio/health/cluster', scheme: 'http' }),
  lifecycle: together,
  credentials: { types: { 'access-key': accessKey, root } },
};
