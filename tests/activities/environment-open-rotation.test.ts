import { expect, test } from 'vitest';
import { stageDelivery, swapDelivery } from '../../src/activities/secrets/deliver.ts';
import { openPlatformStore } from '../../src/activities/secrets/store.ts';
import { environmentFixture } from './support/environment.ts';

const noFence = async () => {};

test('a plan and a deploy stop before anything is written while consumers have the next version', async () => {
  const environment = await environmentFixture();
  const { platform } = environment;
  await environment.write();
  const store = openPlatformStore(platform);
  await store.mintPending('root', { length: 32 });
  expect(await environment.verdict()).toMatchObject({ state: 'in-place' });
  await stageDelivery(platform, 'root', 'v2', noFence);
  await swapDelivery(platform, 'root', 'v2', noFence);
  const delivered = await environment.text('.secrets/delivered/db/root');
  const refusal = { code: 'RB_ROTATION_OPEN', retry: 'never' };
  await expect(environment.verdict()).rejects.toMatchObject(refusal);
  await expect(environment.write()).rejects.toMatchObject(refusal);
  expect(environment.effects()).toBe(0);
  expect(await environment.text('.secrets/delivered/db/root')).toBe(delivered);
  await store.promote('root', 'v2');
  expect(await environment.verdict()).toMatchObject({ state: 'in-place' });
});
