import { randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';

/**
 * Replaces a file whole, without waiting for the disk. For what only has to outlive this process: after the
 * host went down, everything that such a file speaks of is gone too.
 */
export async function writeVolatile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  await writeFile(temporary, text, { mode: 0o600 });
  await rename(temporary, path);
}
