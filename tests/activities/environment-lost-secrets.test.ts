import { readdir, rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { ownUid } from './secrets/platform.ts';
import { environmentFixture } from './support/environment.ts';

describe('with data of earlier secrets', () => {
  const refusal = { code: 'RB_SECRETS_LOST', retry: 'never' };

  test('refuses to generate the first secrets of all', async () => {
    const environment = await environmentFixture();
    environment.volumes = ['mini_data'];
    await expect(environment.verdict()).rejects.toMatchObject(refusal);
    await expect(environment.write()).rejects.toMatchObject(refusal);
    expect(await readdir(environment.platform.directory)).toEqual(['compose.yaml']);
  });

  test('refuses when the store was lost, or a part of it', async () => {
    const environment = await environmentFixture();
    await environment.write();
    environment.volumes = ['mini_data'];
    expect(await environment.verdict()).toMatchObject({ state: 'in-place' });
    await rm(environment.path('.secrets/store/root'), { recursive: true });
    await expect(environment.write()).rejects.toMatchObject({
      ...refusal,
      message: 'data of mini exist, and root would be generated anew',
    });
    await rm(environment.path('.secrets'), { recursive: true });
    await expect(environment.write()).rejects.toMatchObject(refusal);
  });

  test('names some of many volumes and says how many more there are', async () => {
    const environment = await environmentFixture();
    environment.volumes = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    await expect(environment.verdict()).rejects.toMatchObject({
      why: expect.stringContaining('7 volumes of the project are there (a, b, c and 4 more)'),
    });
    environment.volumes = ['a', 'b', 'c'];
    await expect(environment.verdict()).rejects.toMatchObject({
      why: expect.stringContaining('(a, b, c), made with'),
    });
  });

  test('generates a secret that the platform file got later', async () => {
    const environment = await environmentFixture();
    await environment.write();
    environment.volumes = ['mini_data'];
    environment.platform.secrets.items.extra = {
      description: 'd',
      length: 20,
      deliver: { web: ownUid },
      form: 'value',
    };
    expect((await environment.write()).done).toEqual([
      '1 secret generated',
      '1 secret file delivered',
    ]);
  });
});
