import { globSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's own folder: definitions, the prebuilt bundle and package.json stand below it. */
export const packageRoot = resolve(fileURLToPath(new URL('../..', import.meta.url)));

export interface WorkerConfig {
  readonly stateDirectory: string;
  readonly definitionsDirectory: string;
  readonly platformFiles: readonly string[];
  readonly defaultPlatform: string | undefined;
  readonly heartbeatTimeoutMs: number;
  /** A prebuilt workflow bundle to run instead of the package's own. */
  readonly workflowBundle: string | undefined;
  readonly identity: string;
}

/** Reads the worker's environment; every variable is described in docs/worker.md. */
export function readConfig(env: NodeJS.ProcessEnv): WorkerConfig {
  const stateHome = env.XDG_STATE_HOME || join(homedir(), '.local', 'state');
  return {
    stateDirectory: resolve(env.RUNBOOK_STATE_DIR || join(stateHome, 'runbook')),
    definitionsDirectory: join(packageRoot, 'runbooks'),
    platformFiles: platformFiles(env.RUNBOOK_PLATFORMS),
    defaultPlatform: env.RUNBOOK_PLATFORM || undefined,
    heartbeatTimeoutMs: Number(env.RUNBOOK_HEARTBEAT_TIMEOUT_MS || 8000),
    workflowBundle: env.RUNBOOK_WORKFLOW_BUNDLE || undefined,
    identity: `runbook@${hostname()}:${process.pid}`,
  };
}

function platformFiles(list: string | undefined): string[] {
  if (list) return list.split(':').filter(Boolean);
  const found = globSync('compose/*/platform.yaml', { cwd: process.cwd() });
  return found.map((file) => resolve(file));
}
