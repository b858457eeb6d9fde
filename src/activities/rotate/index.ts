import type { PlatformDependencies } from '../opened-platform.ts';
import { createConsumerActivities } from './consumers.ts';
import { createFactActivities } from './facts.ts';
import { createLookActivities } from './look.ts';
import { createMintActivities } from './mint.ts';
import { createProveActivities } from './prove.ts';
import { createRetireActivities } from './retire.ts';
import { createSwitchActivities } from './switch-over.ts';
import { createTakeActivities } from './take.ts';

/** What rotations do, phase by phase. */
export const createRotateActivities = (deps: PlatformDependencies) => ({
  ...createLookActivities(deps),
  ...createMintActivities(deps),
  ...createSwitchActivities(deps),
  ...createTakeActivities(deps),
  ...createProveActivities(deps),
  ...createConsumerActivities(deps),
  ...createRetireActivities(deps),
  ...createFactActivities(deps),
});
