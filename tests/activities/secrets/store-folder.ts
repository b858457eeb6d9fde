import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openSecretStore } from '../../../src/activities/secrets/store.ts';

/** A store with one secret, `root`, in a folder that is removed after the test; `at` is a file of that secret. */
export async function storeWithRoot() {
  const root = await mkdtemp(join(tmpdir(), 'runbook-store-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const directory = join(root, 'store');
  const store = openSecretStore(directory);
  await store.mint('root', 32);
  return { store, directory, at: (file: string) => join(directory, 'root', file) };
}
