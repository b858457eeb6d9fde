import type { ClientConfigProfile, ConfigDataSource } from '@temporalio/envconfig';
import type { Environment } from '../terminal.ts';
import type { InProfile } from './server-settings.ts';
import {
  type Candidate,
  fallback,
  rawVariable,
  type Setting,
  secretSetting,
  setting,
} from './setting.ts';

/** TLS is on when anything of it is set and nothing turns it off, and for an API key. */
export function tlsSettings(
  env: Environment,
  { tls, apiKey }: ClientConfigProfile,
  inProfile: InProfile,
): readonly Setting[] {
  const named = Object.keys(env)
    .filter((name) => name.startsWith('TEMPORAL_TLS_') && env[name] !== undefined)
    .sort();
  const onBy = (name: string | undefined): Candidate =>
    name === undefined || env[name] === undefined
      ? undefined
      : { value: 'on', source: 'environment', from: name };
  return [
    setting(
      'tls',
      switched(env),
      tls?.disabled === true ? inProfile('off') : undefined,
      onBy(named[0]),
      tls === undefined ? undefined : inProfile('on'),
      onBy('TEMPORAL_API_KEY'),
      apiKey === undefined ? undefined : inProfile('on'),
      fallback('off'),
    ),
    setting(
      'tls.server-name',
      rawVariable(env, 'TEMPORAL_TLS_SERVER_NAME'),
      inProfile(tls?.serverName),
    ),
    fileOrData('server-ca-cert', env, tls?.serverCACert, inProfile),
    fileOrData('client-cert', env, tls?.clientCert, inProfile),
    fileOrData('client-key', env, tls?.clientKey, inProfile),
  ];
}

function switched(env: Environment): Candidate {
  const given = rawVariable(env, 'TEMPORAL_TLS');
  if (given === undefined) return undefined;
  return { ...given, value: given.value === '1' || given.value === 'true' ? 'on' : 'off' };
}

/** The path of a file is shown; what was given in its place may be a key. */
function fileOrData(
  name: string,
  env: Environment,
  written: ConfigDataSource | undefined,
  inProfile: InProfile,
): Setting {
  const stem = `TEMPORAL_TLS_${name.toUpperCase().replaceAll('-', '_')}`;
  const data = rawVariable(env, `${stem}_DATA`);
  if (data !== undefined) return secretSetting(`tls.${name}`, data);
  if (written !== undefined && 'data' in written) {
    return secretSetting(
      `tls.${name}`,
      rawVariable(env, `${stem}_PATH`),
      inProfile('given in the file'),
    );
  }
  return setting(`tls.${name}`, rawVariable(env, `${stem}_PATH`), inProfile(written?.path));
}
