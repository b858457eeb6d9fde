import type { ServiceKind } from '../kind.ts';
import { Settings } from './cluster.ts';
import { credentials } from './credentials.ts';
import { health } from './health.ts';
import { lifecycle } from './lifecycle.ts';
import { recognize } from './recognize.ts';
import { secretIntake } from './secret-intake.ts';

/** PostgreSQL under Patroni: one leader, replicas that stream. */
export const patroni: ServiceKind = {
  kind: 'patroni',
  recognize,
  secretIntake,
  settings: Settings,
  health,
  lifecycle,
  credentials,
};
