import { setTimeout as pause } from 'node:timers/promises';

/** Longer than the second within which Keycloak's brute-force detection takes two refusals for an attack. */
const betweenMs = 1200;

/** When an account was last refused in this process. */
const refusedAt = new Map<string, number>();

/**
 * One login of an account, not sooner after a refused one than a person would make it: two refusals within a second
 * lock the account for a minute, whoever makes them, and the right password is refused in the same words then.
 */
export async function paced<T extends { readonly granted: boolean }>(
  account: string,
  logIn: () => Promise<T>,
): Promise<T> {
  const sinceMs = Date.now() - (refusedAt.get(account) ?? 0);
  if (sinceMs < betweenMs) await pause(betweenMs - sinceMs);
  const result = await logIn();
  if (result.granted) refusedAt.delete(account);
  else refusedAt.set(account, Date.now());
  return result;
}
