import { type RunbookError, refuse } from '../shared/errors.ts';

/** A file of the codec that must not be used as it is. */
export function keyFileError(path: string, fault: string, fix: string): RunbookError {
  return refuse(
    'RB_CODEC_KEY_FILE',
    `the key file ${path} ${fault}`,
    'whoever has its keys can read the payloads of every run, and a damaged one loses runs',
    fix,
  );
}

export function keyMissing(path: string): RunbookError {
  return refuse(
    'RB_CODEC_KEY_MISSING',
    'there is no key to encrypt with here',
    `${path} does not exist; a key that no worker has would leave a run unreadable for it`,
    `copy the worker's key file there (mode 0600), or name one with RUNBOOK_CODEC_KEY_FILE; runbook up and runbook worker make one; where the worker has RUNBOOK_CODEC=off, set that here too`,
  );
}

export function keyUnknown(id: string, path: string): RunbookError {
  return refuse(
    'RB_CODEC_KEY_UNKNOWN',
    `a payload is encrypted with the key ${id}, which is not known here`,
    `${path} has no key of that id`,
    `bring the line that begins with ${id} into it, from the worker's host or a backup; what waits for it goes on by itself`,
  );
}

export function payloadDamaged(id: string): RunbookError {
  return refuse(
    'RB_CODEC_PAYLOAD',
    `a payload cannot be decrypted with its key ${id}`,
    'it was changed after it was encrypted, or it was cut off',
    'nothing in it can be trusted: look at who else writes to the Temporal server',
  );
}
