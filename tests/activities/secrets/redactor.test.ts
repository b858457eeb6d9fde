import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRedactor, secretValues } from '../../../src/activities/secrets/redactor.ts';
import { openPlatformStore } from '../../../src/activities/secrets/store.ts';
import { temporaryPlatform } from './platform.ts';

const withPassword = () =>
  temporaryPlatform({
    environment: {
      variables: { PASSWORD: { description: 'd', secret: {} }, PORT: { description: 'd' } },
    },
  });

test('knows nothing of a platform without secrets', async () => {
  expect(await secretValues(await temporaryPlatform())).toEqual([]);
});

test('collects store and environment file, longest first, older versions too', async () => {
  const platform = await withPassword();
  await writeFile(join(platform.directory, '.env'), 'PASSWORD=from-the-file\nPORT=notasecret\n');
  const store = openPlatformStore(platform);
  await store.adopt('root', 'old-value');
  await store.mintPending('root', { length: 20 });
  await store.promote('root', 'v2');
  const current = (await store.readCurrent('root'))?.value;
  expect(await secretValues(platform)).toEqual([current, 'from-the-file', 'old-value']);
});

test('ignores a value of five characters and takes one of six', async () => {
  const platform = await withPassword();
  const store = openPlatformStore(platform);
  await store.adopt('five', '12345');
  await store.adopt('six', '123456');
  expect(await secretValues(platform)).toEqual(['123456']);
});

test('blanks out values that contain one another, also percent-encoded', async () => {
  const platform = await withPassword();
  const store = openPlatformStore(platform);
  await store.adopt('short', 'secret1');
  await store.adopt('long', 'secret1-and-more');
  await store.adopt('odd', 'p@ss/word');
  const redact = await createRedactor(platform);
  expect(redact('a secret1-and-more b secret1 c p%40ss%2Fword d')).toBe(
    'a [redacted] b [redacted] c [redacted] d',
  );
});

test('reads what it can of a broken environment file', async () => {
  const platform = await withPassword();
  await writeFile(join(platform.directory, '.env'), 'A B\nPASSWORD=still-found\nX="');
  expect(await secretValues(platform)).toEqual(['still-found']);
});
