import { expect, test } from 'vitest';
import { lockWishes } from '../../src/shared/lock-wishes.ts';

test('a run about the whole platform takes it whole, to read or to change', () => {
  expect(lockWishes('lab', 'read')).toEqual([{ key: 'lab', mode: 'shared' }]);
  expect(lockWishes('lab', 'reversible')).toEqual([{ key: 'lab', mode: 'exclusive' }]);
  expect(lockWishes('lab', 'irreversible')).toEqual([{ key: 'lab', mode: 'exclusive' }]);
});

test('a run about services takes the platform by intent first, then each service once, in order', () => {
  expect(lockWishes('lab', 'reversible', ['postgres', 'minio', 'postgres'])).toEqual([
    { key: 'lab', mode: 'intent' },
    { key: 'lab/minio', mode: 'exclusive' },
    { key: 'lab/postgres', mode: 'exclusive' },
  ]);
  expect(lockWishes('lab', 'read', ['minio'])).toEqual([
    { key: 'lab', mode: 'intent' },
    { key: 'lab/minio', mode: 'shared' },
  ]);
});
