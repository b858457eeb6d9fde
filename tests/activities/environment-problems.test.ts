import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { openPlatformStore } from '../../src/activities/secrets/store.ts';
import { environmentFixture } from './support/environment.ts';

describe('what only a person can correct', () => {
  test('is refused with every problem and no value', async () => {
    const { put, verdict, write, platform } = await environmentFixture();
    await put('.env', 'PORT=1\nPORT=2\nURL=http://canary77\nPASSWORD=changeme\n');
    const refusal = {
      code: 'RB_ENVIRONMENT',
      retry: 'never',
      message: '.env has 3 problems that deploy cannot correct',
      why: expect.stringMatching(/^\.env:1 PORT .*\n\.env:3 URL .*\n\.env:4 PASSWORD /),
    };
    await expect(verdict()).rejects.toMatchObject(refusal);
    await expect(verdict()).rejects.not.toMatchObject({
      why: expect.stringMatching(/canary77|changeme/),
    });
    await expect(write()).rejects.toMatchObject(refusal);
    expect(await readdir(platform.directory)).toEqual(['.env', 'compose.yaml']);
  });

  test('is a password other than the stored one', async () => {
    const { put, verdict, write } = await environmentFixture();
    await write();
    await put('.env', 'PASSWORD=another9f3b\n');
    await expect(verdict()).rejects.toMatchObject({
      why: expect.stringContaining('another value than'),
    });
  });

  test('does not include an older version of a password', async () => {
    const { write, verdict, text, password, platform } = await environmentFixture();
    await write();
    const store = openPlatformStore(platform);
    await store.mintPending('env.PASSWORD', { length: 24 });
    await store.promote('env.PASSWORD', 'v2');
    expect(await verdict()).toMatchObject({
      state: 'absent',
      change: '1 variable to update (PASSWORD)',
    });
    await write();
    expect(await text('.env')).toContain(`PASSWORD=${await password()}`);
  });
});
