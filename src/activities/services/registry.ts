import { refuse } from '../../shared/errors.ts';
import { didYouMean } from '../../shared/nearest.ts';
import { container } from './container/kind.ts';
import { etcd } from './etcd/kind.ts';
import { haproxy } from './haproxy/kind.ts';
import { http } from './http/kind.ts';
import { keycloak } from './keycloak/kind.ts';
import type { ServiceKind } from './kind.ts';
import { minio } from './minio/kind.ts';
import { nessie } from './nessie/kind.ts';
import { oneShot } from './one-shot/kind.ts';
import { patroni } from './patroni/kind.ts';
import { postgres } from './postgres/kind.ts';

/** Every kind of service that is known: one line each. */
export const kinds: readonly ServiceKind[] = [
  container,
  etcd,
  haproxy,
  http,
  keycloak,
  minio,
  nessie,
  oneShot,
  patroni,
  postgres,
];

export function kindOf(service: string, kind: string): ServiceKind {
  const found = kinds.find((candidate) => candidate.kind === kind);
  if (found !== undefined) return found;
  const known = kinds.map((candidate) => candidate.kind);
  throw refuse(
    'RB_UNKNOWN_KIND',
    `the service "${service}" is of an unknown kind "${kind}"${didYouMean(kind, known)}`,
    `known kinds: ${known.join(', ')}`,
    `correct services.${service}.kind in the platform file; "container" takes any compose service`,
  );
}
