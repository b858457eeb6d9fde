import { appendFile, lstat, readFile, truncate } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { SecretEvent } from '../../../src/shared/secret-history.ts';
import { storeWithRoot } from './store-folder.ts';

const event = (parts: Partial<SecretEvent> = {}): SecretEvent => ({
  at: '2026-11-23T10:00:00.000Z',
  version: 'v1',
  event: 'proved',
  run: 'lab-rotate-secrets-1',
  ...parts,
});

const journalOf = (at: (file: string) => string) => readFile(at('journal.jsonl'), 'utf8');

test('notes events in their order, each with the fingerprint of its version', async () => {
  const { store, at } = await storeWithRoot();
  const fingerprint = await store.fingerprint((await store.readCurrent('root'))?.value ?? '');
  await store.note('root', event());
  await store.note('root', event({ event: 'taken', facts: { consumer: 'web', gapMs: 12 } }));
  expect(await store.journal('root')).toEqual([
    event({ facts: { fingerprint } }),
    event({ event: 'taken', facts: { consumer: 'web', gapMs: 12, fingerprint } }),
  ]);
  expect((await lstat(at('journal.jsonl'))).mode & 0o777).toBe(0o600);
  expect(await journalOf(at)).not.toContain((await store.readCurrent('root'))?.value);
});

test('a retry is not noted twice, another run or other facts are', async () => {
  const { store } = await storeWithRoot();
  await store.note('root', event({ facts: { a: 1, b: 2 } }));
  await store.note('root', event({ at: '2026-11-23T11:00:00.000Z', facts: { b: 2, a: 1 } }));
  expect(await store.journal('root')).toHaveLength(1);
  await store.note('root', event({ run: 'another', facts: { a: 1, b: 2 } }));
  await store.note('root', event({ facts: { a: 2, b: 2 } }));
  expect(await store.journal('root')).toHaveLength(3);
});

test('a line that a crash cut off is passed over, and the next one is whole', async () => {
  const { store, at } = await storeWithRoot();
  await store.note('root', event());
  await store.note('root', event({ event: 'set' }));
  await truncate(at('journal.jsonl'), (await lstat(at('journal.jsonl'))).size - 20);
  expect(await store.journal('root')).toHaveLength(1);
  await store.note('root', event({ event: 'promoted' }));
  expect((await store.journal('root')).map((known) => known.event)).toEqual(['proved', 'promoted']);
});

test('lines that are none are passed over', async () => {
  const { store, at } = await storeWithRoot();
  await store.note('root', event());
  await appendFile(at('journal.jsonl'), '\n{}\nnull\n{"at":1}\n\u0000\n');
  expect(await store.journal('root')).toHaveLength(1);
});

test('is empty before the first event, and is kept for a version that is gone', async () => {
  const { store } = await storeWithRoot();
  expect(await store.journal('root')).toEqual([]);
  await store.mintPending('root', { length: 32 });
  await store.note('root', event({ version: 'v2', event: 'minted' }));
  await store.discard('root', 'v2');
  expect(await store.journal('root')).toMatchObject([
    { version: 'v2', event: 'minted', facts: { fingerprint: expect.any(String) } },
  ]);
});

test('tells of a value that is another than the one that was noted first', async () => {
  const { store, at } = await storeWithRoot();
  await store.requireWhole('root', 'v1');
  await store.note('root', event({ event: 'minted' }));
  await store.requireWhole('root', 'v1');
  await truncate(at('v1'), 8);
  await store.note('root', event({ event: 'set' }));
  await expect(store.requireWhole('root', 'v1')).rejects.toMatchObject({
    code: 'RB_STORE_DAMAGED',
    message: 'the value of root@v1 is not the one that was minted',
  });
});
