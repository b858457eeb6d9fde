import { randomBytes } from 'node:crypto';
import { RunbookError } from '../../../shared/errors.ts';
import type { Holding, LoginSecret, LoginVerdict } from '../credentials.ts';
import { noAnswer, type SignedAnswer, type SignedRequest, sendSigned } from './signed-request.ts';
import { type Judged, judge, type Refused } from './verdict.ts';

export interface Door {
  readonly endpoint: URL;
  readonly region: string;
}

/**
 * What MinIO keeps for an access key, without an effect, and when by its clock. A disabled one opens nothing: it
 * counts as missing.
 */
export async function holding(
  { endpoint, region }: Door,
  secret: LoginSecret,
): Promise<{ readonly holding: Holding; readonly at: string }> {
  const answer = await sendSigned(endpoint, secret, region, { method: 'GET', path: '/' });
  const judged = judge(endpoint, secret, answer);
  return { holding: holdingOf(judged), at: answer.at };
}

function holdingOf(judged: Judged): Holding {
  if (typeof judged === 'string') return 'this';
  return judged.refusal === 'SignatureDoesNotMatch' ? 'another' : 'missing';
}

/**
 * Uses a bucket as a client does: lists, and begins an upload, sends a part and gives it up. An upload that is never
 * completed is no object: no version, no event and no replica is left, which a deleted object would leave. One
 * whose end was not reached is removed by MinIO after a day.
 */
export async function proveBucket(
  { endpoint, region }: Door,
  secret: LoginSecret,
  bucket: string,
  access: 'read-write' | 'read' | 'write',
  beforeEffect: () => Promise<void>,
): Promise<LoginVerdict> {
  const send = async (request: SignedRequest): Promise<SignedAnswer | Refused> => {
    const answer = await sendSigned(endpoint, secret, region, request);
    if (answer.code === 'NoSuchBucket') throw cannotBeProved(secret, bucket, answer.message);
    const judged = judge(endpoint, secret, answer);
    if (judged === 'denied') {
      throw cannotBeProved(secret, bucket, `${request.method}: ${answer.message}`);
    }
    return judged === 'accepted' ? answer : judged;
  };
  const path = `/${bucket}`;
  const prefix = '.runbook-probe-';
  if (access !== 'write') {
    const query = { 'list-type': '2', 'max-keys': '1', prefix };
    const listed = await send({ method: 'GET', path, query });
    if ('refusal' in listed) return listed;
  }
  if (access !== 'read') {
    await beforeEffect();
    const object = `${path}/${prefix}${randomBytes(8).toString('hex')}`;
    const begun = await send({ method: 'POST', path: object, query: { uploads: '' } });
    if ('refusal' in begun) return begun;
    const uploadId = /<UploadId>([^<]+)</.exec(begun.body.toString('utf8'))?.[1];
    if (uploadId === undefined) throw noAnswer(endpoint, 'an upload was begun without an id');
    const query = { partNumber: '1', uploadId };
    const part = await send({ method: 'PUT', path: object, query, body: Buffer.from('probe') });
    const given = await send({ method: 'DELETE', path: object, query: { uploadId } });
    for (const answer of [part, given]) if ('refusal' in answer) return answer;
  }
  return { accepted: true, words: `${secret.login}: ${access} in the bucket ${bucket}` };
}

/** Neither accepted nor refused: the secret is right, and the proof is not to be had with it. */
const cannotBeProved = ({ login }: LoginSecret, bucket: string, why: string) =>
  new RunbookError('RB_PROOF_DENIED', `${login} cannot use the bucket ${bucket}`, {
    why,
    fix: 'correct `account.bucket` or `account.access` (read, write) of the secret, or the policy of its user',
  });
