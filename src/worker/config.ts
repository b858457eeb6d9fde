import { globSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CodecSettings, codecSettings } from '../codec/settings.ts';
import { refuse } from '../shared/errors.ts';

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
  /** Where Prometheus finds the worker's metrics, as host:port; nowhere when absent. */
  readonly metricsAddress: string | undefined;
  readonly codec: CodecSettings;
}

/** Reads the worker's environment; every variable is described in docs/worker.md. */
export function readConfig(env: NodeJS.ProcessEnv): WorkerConfig {
  const stateHome = env.XDG_STATE_HOME || join(homedir(), '.local', 'state');
  const stateDirectory = resolve(env.RUNBOOK_STATE_DIR || join(stateHome, 'runbook'));
  return {
    stateDirectory,
    definitionsDirectory: join(packageRoot, 'runbooks'),
    platformFiles: platformFiles(env.RUNBOOK_PLATFORMS),
    defaultPlatform: env.RUNBOOK_PLATFORM || undefined,
    heartbeatTimeoutMs: heartbeatTimeoutMs(env.RUNBOOK_HEARTBEAT_TIMEOUT_MS || '8000'),
    workflowBundle: env.RUNBOOK_WORKFLOW_BUNDLE || undefined,
    metricsAddress: metricsAddress(env.RUNBOOK_METRICS_ADDRESS),
    codec: codecSettings(env, stateDirectory),
    identity: `runbook@${hostname()}:${process.pid}`,
  };
}

/** Anything else would turn the time-out off, and nobody would miss a dead worker. */
function heartbeatTimeoutMs(text: string): number {
  const ms = Number(text);
  if (Number.isInteger(ms) && ms >= 500 && ms <= 600_000) return ms;
  throw refuse(
    'RB_WORKER_CONFIG',
    `RUNBOOK_HEARTBEAT_TIMEOUT_MS is ${JSON.stringify(text)}`,
    'it is a whole number of milliseconds from 500 to 600000',
    'leave it unset for 8000',
  );
}

function metricsAddress(text: string | undefined): string | undefined {
  if (!text || /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:]+\]):\d{1,5}$/.test(text))
    return text || undefined;
  throw refuse(
    'RB_WORKER_CONFIG',
    `RUNBOOK_METRICS_ADDRESS is ${JSON.stringify(text)}`,
    'it is an IP address and a port',
    'give for example 127.0.0.1:9464, or leave it unset for no metrics',
  );
}

function platformFiles(list: string | undefined): string[] {
  if (list) return list.split(':').filter(Boolean);
  const found = globSync('compose/*/platform.yaml', { cwd: process.cwd() });
  return found.map((file) => resolve(file));
}
