import { readFileSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { Client, Connection, isGrpcServiceError } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { dataConverter } from '../codec/data-converter.ts';
import { type CodecSettings, codecSettings } from '../codec/settings.ts';
import { CommandError } from './errors.ts';
import { operator } from './local/operator.ts';
import { stateDirectory } from './local/paths.ts';
import type { Environment } from './terminal.ts';

const connectTimeoutMs = 3_000;

export interface ConnectionFlags {
  readonly address?: string | undefined;
  readonly namespace?: string | undefined;
}

export interface Link {
  readonly address: string;
  readonly namespace: string;
  readonly client: Client;
  readonly connection: Connection;
  /** Calls under way. `close` aborts them: one that waits for a worker would hold up a command's end. */
  readonly pending: Set<AbortController>;
  close(): Promise<void>;
}

/**
 * Where Temporal is: flag, then `TEMPORAL_*` and the profile of the `temporal` CLI, then what
 * `runbook up` started on this machine, then 127.0.0.1:7233.
 */
export function connectionSettings(flags: ConnectionFlags, env: Environment) {
  const { connectionOptions, namespace } = loadProfile(env);
  const chosen = flags.address ?? connectionOptions.address;
  const local = chosen === undefined ? localServer(env) : undefined;
  return {
    connectionOptions,
    address: chosen ?? local?.address ?? '127.0.0.1:7233',
    namespace: flags.namespace ?? namespace ?? local?.namespace ?? 'default',
  };
}

function loadProfile(env: Environment) {
  const overrideEnvVars: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined) overrideEnvVars[name] = value;
  }
  try {
    return loadClientConnectConfig({ overrideEnvVars });
  } catch (error) {
    throw new CommandError('RB_CONNECTION_SETTINGS', 'the Temporal connection settings are wrong', {
      why: error instanceof Error ? error.message : String(error),
      fix: 'check TEMPORAL_PROFILE, TEMPORAL_CONFIG_FILE and the TEMPORAL_* variables',
    });
  }
}

interface LocalServer {
  readonly address?: string;
  readonly namespace?: string;
}

function localServer(env: Environment): LocalServer | undefined {
  try {
    return JSON.parse(readFileSync(`${stateDirectory(env)}/up.json`, 'utf8')) as LocalServer;
  } catch {
    return undefined;
  }
}

export async function openLink(flags: ConnectionFlags, env: Environment): Promise<Link> {
  const { connectionOptions, address, namespace } = connectionSettings(flags, env);
  const { apiKey, tls, metadata } = connectionOptions;
  const local = loopbackPort(address);
  const codec = codecSettings(env, stateDirectory(env));
  // gRPC waits its whole deadline for a port that nobody listens on.
  if (local !== undefined && !(await listens(local))) {
    throw unreachable(address, new Error('nothing listens there'));
  }
  try {
    const connection = await Connection.connect({
      address,
      connectTimeout: connectTimeoutMs,
      // A proxy for the outside world must not stand between this machine and itself.
      ...(local === undefined ? {} : { channelArgs: { 'grpc.enable_http_proxy': 0 } }),
      ...(typeof apiKey === 'string' ? { apiKey } : {}),
      ...(tls === undefined ? {} : { tls }),
      ...(metadata === undefined ? {} : { metadata }),
    });
    return linkOf(address, namespace, connection, codec);
  } catch (error) {
    throw unreachable(address, error);
  }
}

function linkOf(
  address: string,
  namespace: string,
  connection: Connection,
  codec: CodecSettings,
): Link {
  const pending = new Set<AbortController>();
  return {
    address,
    namespace,
    connection,
    client: new Client({
      connection,
      namespace,
      dataConverter: dataConverter(codec),
      // The server keeps it with every order, beside the name that the order itself claims.
      identity: `${operator()} pid ${process.pid}`,
    }),
    pending,
    async close() {
      for (const call of pending) call.abort();
      await connection.close();
    },
  };
}

function loopbackPort(address: string): number | undefined {
  const match = /^(?:localhost|127(?:\.\d{1,3}){3})(?::(\d+))?$/.exec(address);
  return match === null ? undefined : Number(match[1] ?? 7233);
}

/** Whether something accepts connections at a port of this machine. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket({ host: '127.0.0.1', port, timeout: 2_000 });
    const settle = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
    socket.once('timeout', () => settle(false));
  });
}

export function unreachable(address: string, error: unknown): CommandError {
  const detail = error instanceof Error ? error.message.split('\n')[0] : String(error);
  const why = isGrpcServiceError(error) ? `${error.details || detail}` : `${detail}`;
  return new CommandError('RB_TEMPORAL_UNREACHABLE', `no Temporal server answers at ${address}`, {
    why: why.includes(address) ? why : `${why} (${address})`,
    fix: 'start one here with runbook up, or name another with --address or TEMPORAL_ADDRESS',
  });
}
