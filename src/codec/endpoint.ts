import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createFileExclusive } from '../activities/files.ts';
import { keyFileError } from './errors.ts';
import { readPrivateFile } from './private-file.ts';

const tokenShape = /^[\w-]{43}$/;

const tokenPath = (directory: string) => join(directory, 'codec-token');

/** The word in the codec server's path that only its owner knows, kept so that the address stays the same. */
export async function codecToken(directory: string): Promise<string> {
  const path = tokenPath(directory);
  const known = await readToken(directory);
  if (known !== undefined) return known;
  await createFileExclusive(path, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  return codecToken(directory);
}

/** Undefined until the first codec server of this state directory has made it. */
export async function readToken(directory: string): Promise<string | undefined> {
  const path = tokenPath(directory);
  const text = await readPrivateFile(path);
  if (text === undefined) return undefined;
  const token = text.trimEnd();
  if (tokenShape.test(token)) return token;
  throw keyFileError(path, 'is no token', 'remove it: the next runbook up makes another');
}

export const endpointOf = (port: number, token: string) => `http://127.0.0.1:${port}/${token}`;
