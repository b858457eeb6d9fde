import { expect, test } from 'vitest';
import { connectWithPatience } from '../../src/worker/connect.ts';

test('goes on until the server is there', async () => {
  let tries = 0;
  const connection = await connectWithPatience(async () => {
    tries += 1;
    if (tries < 3) throw new Error('nobody listens');
    return 'connection';
  });
  expect([connection, tries]).toEqual(['connection', 3]);
});
