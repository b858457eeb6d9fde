import type { LockMode, LockWish } from './lock.ts';
import type { Risk } from './run-state.ts';

/**
 * The locks of a run, in the order in which they are taken. A run that names no services takes its platform
 * whole; one that does takes those, and its platform by intent, so that it excludes runs about the whole.
 */
export function lockWishes(
  platform: string,
  risk: Risk,
  services: readonly string[] = [],
): LockWish[] {
  const mode: LockMode = risk === 'read' ? 'shared' : 'exclusive';
  if (services.length === 0) return [{ key: platform, mode }];
  const parts = [...new Set(services)]
    .sort()
    .map((service) => ({ key: `${platform}/${service}`, mode }));
  return [{ key: platform, mode: 'intent' }, ...parts];
}
