import type { Lifecycle } from '../kind.ts';

/** For services that keep no state between their members: all restart at once. */
export const together: Lifecycle = {
  restartOrder: async () => 'together',
  mayRestart: async () => ({ allowed: true, why: 'the service keeps no state' }),
};
