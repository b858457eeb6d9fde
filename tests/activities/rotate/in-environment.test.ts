import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { variablesWith } from '../../../src/activities/rotate/in-environment.ts';
import { openCredential } from '../../../src/activities/rotate/open-credential.ts';
import { rotationRun, secret } from './rotation-run.ts';

test('finds a value in the environment file, alone or in a URL', async () => {
  const { run, platform, store, as } = await rotationRun('restart');
  const found = () => as(async () => variablesWith(await openCredential(run.deps, secret), 'v1'));
  expect(await found()).toEqual([]);
  const value = (await store.read(secret, 'v1'))?.value;
  const lines = [`A=${value}`, `B="postgres://app:${value}@db/app"`, 'C=other', 'D'];
  await writeFile(join(platform.directory, '.env'), lines.join('\n'));
  expect(await found()).toEqual(['A', 'B']);
});
