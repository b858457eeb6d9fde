import { join, resolve } from 'node:path';
import { refuse } from '../shared/errors.ts';

export interface CodecSettings {
  /** Whether new payloads are encrypted. Encrypted ones are read either way. */
  readonly encrypt: boolean;
  readonly keyFile: string;
}

/** `RUNBOOK_CODEC` and `RUNBOOK_CODEC_KEY_FILE`, for client and worker alike. */
export function codecSettings(
  env: Readonly<Record<string, string | undefined>>,
  stateDirectory: string,
): CodecSettings {
  const word = env.RUNBOOK_CODEC || 'on';
  if (word !== 'on' && word !== 'off') {
    throw refuse(
      'RB_CODEC_SETTING',
      `RUNBOOK_CODEC is ${JSON.stringify(word)}`,
      'it says whether new payloads are encrypted: on or off',
      'leave it unset for on',
    );
  }
  const keyFile = resolve(env.RUNBOOK_CODEC_KEY_FILE || join(stateDirectory, 'codec-keys'));
  return { encrypt: word === 'on', keyFile };
}
