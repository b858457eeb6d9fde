import type { World } from '../support/world.ts';

/**
 * What an operator does between the terminate of a run and the next one. The lock finds out by itself and the next
 * deploy takes over what is there, so nothing has to be done; a sweep of what was left behind belongs here.
 */
export async function afterTerminate(_world: World): Promise<void> {}
