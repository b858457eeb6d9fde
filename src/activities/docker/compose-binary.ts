import { access, constants } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { refuse } from '../../shared/errors.ts';

const repositoryRoot = resolve(import.meta.dirname, '../../..');

const places = (): readonly string[] => [
  join(repositoryRoot, '.tools/bin/docker-compose'),
  '/usr/local/lib/docker/cli-plugins/docker-compose',
  '/usr/local/libexec/docker/cli-plugins/docker-compose',
  '/usr/lib/docker/cli-plugins/docker-compose',
  '/usr/libexec/docker/cli-plugins/docker-compose',
  join(homedir(), '.docker/cli-plugins/docker-compose'),
];

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The Compose program itself, not `docker compose`: one process without a parent in between dies with the
 * worker.
 */
export async function findComposeBinary(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const named = env.RUNBOOK_COMPOSE;
  for (const path of named === undefined ? places() : [named]) {
    if (await isExecutable(path)) return path;
  }
  throw refuse(
    'RB_COMPOSE_MISSING',
    'Docker Compose was not found',
    named === undefined
      ? `looked for: ${places().join(', ')}`
      : `RUNBOOK_COMPOSE names ${named}, which cannot be run`,
    'install the Compose plugin of Docker, or set RUNBOOK_COMPOSE to the docker-compose program',
  );
}
