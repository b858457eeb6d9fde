import { randomUUID } from 'node:crypto';
import { readKeys } from '../../codec/key-file.ts';
import { createPayloadCodec } from '../../codec/payload-codec.ts';
import { codecSettings } from '../../codec/settings.ts';
import { readPayloads, writePayloads } from '../../codec/wire.ts';
import { errorFacts } from '../../shared/errors.ts';
import { stateDirectory } from '../local/paths.ts';
import type { Session } from '../session.ts';
import { runningEndpoint } from '../up/endpoint.ts';
import { type Check, fail, ok, warn } from './check.ts';

const deadlineMs = 5_000;

const settingsOf = ({ env }: Session) => codecSettings(env, stateDirectory(env));

export const codecKeys: Check = async ({ session }) => {
  const name = 'codec keys';
  try {
    const { encrypt, keyFile } = settingsOf(session);
    const keys = await readKeys(keyFile);
    const isOff = encrypt ? '' : ', and RUNBOOK_CODEC is off: new payloads are plain';
    if (keys === undefined) return ok(name, `${keyFile} (made at the first start)${isOff}`);
    const newest = keys[keys.length - 1] ?? keys[0];
    const observed = `${keyFile}, ${keys.length} in it, ${newest.id} of ${newest.madeAt.slice(0, 10)} encrypts`;
    return encrypt ? ok(name, observed) : warn(name, observed + isOff, 'unset RUNBOOK_CODEC');
  } catch (error) {
    const { what, fix = '' } = errorFacts(error);
    return fail(name, what, fix);
  }
};

/** Something is encrypted by the server and decrypted here: it answers, and has the same keys. */
export const codecServer: Check = async ({ session }) => {
  const name = 'codec server';
  const endpoint = await runningEndpoint(session.env);
  if (endpoint === undefined) return warn(name, 'not checked: up does not run here', 'runbook up');
  const address = new URL(endpoint).host;
  const fix = 'correct what it says; else runbook down, then runbook up';
  try {
    const canary = Buffer.from(randomUUID());
    const response = await fetch(`${endpoint}/encode`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: writePayloads([{ metadata: { encoding: Buffer.from('binary/plain') }, data: canary }]),
      signal: AbortSignal.timeout(deadlineMs),
    });
    const text = await response.text();
    if (!response.ok) return fail(name, `${address} answers ${response.status}: ${text}`, fix);
    const [back] = await createPayloadCodec(settingsOf(session)).decode(readPayloads(text) ?? []);
    const isSame = canary.equals(back?.data ?? new Uint8Array());
    return isSame ? ok(name, address) : fail(name, `${address} gave back something else`, fix);
  } catch (error) {
    return fail(name, `${address}: ${errorFacts(error).what}`, fix);
  }
};
