import { hostname, userInfo } from 'node:os';

/** Who gives an order, as runs and reports record it. */
export function operator(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    // A user id without an entry, as in a container.
    return `uid ${process.getuid?.() ?? '?'}@${hostname()}`;
  }
}
