import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CodecServer, startCodecServer } from '../../codec/codec-server.ts';
import { codecToken, endpointOf } from '../../codec/endpoint.ts';
import { makeKeysOnce } from '../../codec/key-file.ts';
import { createPayloadCodec } from '../../codec/payload-codec.ts';
import { codecSettings } from '../../codec/settings.ts';
import type { Environment } from '../terminal.ts';
import { uiOrigins } from './links.ts';
import { portTaken } from './server.ts';
import { serverSettingsName } from './temporal-cli.ts';

interface CodecPlace {
  readonly directory: string;
  readonly env: Environment;
  readonly port: number;
  readonly uiPort: number;
}

/** The running codec server, and the file that tells the dev server's UI where it is. */
export interface UpCodec {
  readonly server: CodecServer;
  readonly serverSettings: string;
}

/**
 * Starts the codec server in this process: it ends with `up`, however that ends. With the codec off it still
 * reads what was encrypted before.
 */
export async function startUpCodec({ directory, env, port, uiPort }: CodecPlace): Promise<UpCodec> {
  const settings = codecSettings(env, directory);
  if (settings.encrypt) await makeKeysOnce(settings.keyFile);
  const token = await codecToken(directory);
  const codec = createPayloadCodec(settings);
  try {
    const server = await startCodecServer({ port, token, origins: uiOrigins(uiPort), codec });
    const endpoint = endpointOf(server.port, token);
    return { server, serverSettings: await writeServerSettings(directory, endpoint) };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    throw await portTaken(port, '--codec-port', 'the codec server needs it');
  }
}

/** A setting of the `temporal` command as a file: every user of the machine can read the arguments of a process. */
async function writeServerSettings(directory: string, endpoint: string): Promise<string> {
  const path = join(directory, 'temporal-env.yaml');
  const settings = { env: { [serverSettingsName]: { 'ui-codec-endpoint': endpoint } } };
  // JSON is YAML.
  await writeFile(path, `${JSON.stringify(settings)}\n`, { mode: 0o600 });
  return path;
}
