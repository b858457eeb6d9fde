import { homedir } from 'node:os';
import { join } from 'node:path';
import { type ClientConfigProfile, loadClientConfigProfile } from '@temporalio/envconfig';
import { connectionSettings } from '../connection.ts';
import { stateDirectory } from '../local/paths.ts';
import type { Session } from '../session.ts';
import type { Environment } from '../terminal.ts';
import { readNote } from '../up/note.ts';
import {
  type Candidate,
  fallback,
  flag,
  rawConfigured,
  rawVariable,
  type Setting,
  secretSetting,
  setting,
} from './setting.ts';
import { tlsSettings } from './tls-settings.ts';

/** Where Temporal is and how it is spoken to: the settings of the `temporal` command, and what `up` noted. */
export async function serverSettings(session: Session): Promise<readonly Setting[]> {
  const { settings, env } = session;
  // Also refuses what a connection would refuse, in the same words.
  const used = connectionSettings(settings, env);
  const file = configFile(env);
  const profile = setting(
    'profile',
    rawConfigured(session, 'TEMPORAL_PROFILE'),
    fallback('default'),
  );
  const written = profileOfFile(env);
  const inProfile = inProfileOf(`${profile.value} of ${file.value}`);
  const noted = await notedByUp(env);
  const address = setting(
    'address',
    flag('--address', settings.address),
    rawConfigured(session, 'TEMPORAL_ADDRESS'),
    inProfile(written.address),
    noted('address'),
    fallback(used.address),
  );
  const isLocal = address.source === 'up' || address.source === 'default';
  return [
    address,
    setting(
      'namespace',
      flag('--namespace', settings.namespace),
      rawConfigured(session, 'TEMPORAL_NAMESPACE'),
      inProfile(written.namespace),
      // What `up` noted belongs to its own server only.
      isLocal ? noted('namespace') : undefined,
      fallback(used.namespace),
    ),
    file,
    profile,
    secretSetting('api-key', rawVariable(env, 'TEMPORAL_API_KEY'), inProfile(written.apiKey)),
    ...tlsSettings(env, written, inProfile),
    ...metadataSettings(env, written, inProfile, used.connectionOptions.metadata),
  ];
}

function configFile(env: Environment): Setting {
  const home = env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config');
  return setting(
    'config-file',
    rawVariable(env, 'TEMPORAL_CONFIG_FILE'),
    fallback(join(home, 'temporalio', 'temporal.toml')),
  );
}

/** What the file alone says; the variables that choose file and profile still count. */
function profileOfFile(env: Environment): ClientConfigProfile {
  const overrideEnvVars = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  return loadClientConfigProfile({ overrideEnvVars, disableEnv: true });
}

export type InProfile = (value: string | undefined) => Candidate;

const inProfileOf =
  (from: string): InProfile =>
  (value) =>
    value === undefined ? undefined : { value, source: 'profile', from };

async function notedByUp(env: Environment) {
  const directory = stateDirectory(env);
  const note = await readNote(directory);
  return (name: 'address' | 'namespace'): Candidate =>
    note && { value: note[name], source: 'up', from: join(directory, 'up.json') };
}

const metadataPrefix = 'TEMPORAL_GRPC_META_';

/** Headers carry tokens as often as not: their names are shown, never their values. */
function metadataSettings(
  env: Environment,
  { grpcMeta = {} }: ClientConfigProfile,
  inProfile: InProfile,
  used: object | undefined,
): Setting[] {
  return Object.keys(used ?? {}).map((header) => {
    const name = Object.keys(env).find(
      (candidate) =>
        candidate.startsWith(metadataPrefix) &&
        // As the library spells headers.
        candidate.slice(metadataPrefix.length).toLowerCase().replace('_', '-') === header,
    );
    return secretSetting(
      `grpc-meta.${header}`,
      name === undefined ? undefined : rawVariable(env, name),
      inProfile(grpcMeta[header]),
    );
  });
}
