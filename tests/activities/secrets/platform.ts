import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Platform, PlatformFileSchema } from '../../../src/shared/platform-file.ts';

/** Whoever runs the tests may give files to itself. */
export const ownUid = process.getuid?.() ?? 0;

/** A platform in a folder of its own, removed after the test. */
export async function temporaryPlatform(parts: object = {}): Promise<Platform> {
  const directory = await mkdtemp(join(tmpdir(), 'runbook-platform-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const file = PlatformFileSchema.parse({
    schema: 'runbook.platform/v1',
    name: 'mini',
    compose: { project: 'mini' },
    services: { db: { kind: 'postgres' }, web: { kind: 'http' } },
    ...parts,
  });
  return { ...file, directory };
}
