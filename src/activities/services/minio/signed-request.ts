import { createHash } from 'node:crypto';
import { type ClientRequest, type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { AwsV4Signer } from 'aws4fetch';
import { RunbookError } from '../../../shared/errors.ts';
import type { LoginSecret } from '../credentials.ts';

export interface SignedRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

export interface SignedAnswer {
  readonly status: number;
  /** The service's own name of an error: `InvalidAccessKeyId`; empty when it says none. */
  readonly code: string;
  readonly message: string;
  readonly body: Buffer;
  /** The service's clock, ISO 8601. */
  readonly at: string;
}

const timeoutMs = 5000;
const maxAnswerBytes = 8 * 1024 * 1024;

/** One request of a client that holds the access key, on a connection of its own. Throws when nothing answers. */
export async function sendSigned(
  endpoint: URL,
  { login, value }: LoginSecret,
  region: string,
  request: SignedRequest,
): Promise<SignedAnswer> {
  const { method, body = Buffer.alloc(0) } = request;
  const url = new URL(request.path, endpoint);
  for (const [name, text] of Object.entries(request.query ?? {})) url.searchParams.set(name, text);
  const hash = createHash('sha256').update(body).digest('hex');
  const signed = await new AwsV4Signer({
    ...{ method, url: url.href, headers: { 'x-amz-content-sha256': hash } },
    ...{ accessKeyId: login, secretAccessKey: value, service: 's3', region },
  }).sign();
  try {
    return await exchange(signed.url, method, Object.fromEntries(signed.headers), body);
  } catch (error) {
    throw noAnswer(endpoint, error instanceof Error ? error.message : String(error));
  }
}

/** Another try can help: a server that restarts, or does not know its users yet, answers later. */
export const noAnswer = (endpoint: URL, why: string) =>
  new RunbookError('RB_CREDENTIAL_UNANSWERED', `MinIO does not answer on ${endpoint.host}`, {
    why,
    fix: 'see whether the service is up and reachable from the host of the worker, then retry',
  });

async function exchange(
  url: URL,
  method: string,
  headers: Record<string, string>,
  body: Buffer,
): Promise<SignedAnswer> {
  // Whose certificate it is does not matter: a signature shows no secret, and bodies that hold one are encrypted.
  const options = {
    method,
    headers,
    agent: false,
    signal: AbortSignal.timeout(timeoutMs),
  } as const;
  const sent =
    url.protocol === 'https:'
      ? overHttps(url, { ...options, rejectUnauthorized: false })
      : overHttp(url, options);
  const answered = answerTo(sent);
  sent.end(body);
  const answer = await answered;
  const content = await readBody(answer);
  const date = Date.parse(answer.headers.date ?? '');
  return {
    status: answer.statusCode ?? 0,
    ...errorOf(content),
    body: content,
    at: new Date(Number.isNaN(date) ? Date.now() : date).toISOString(),
  };
}

const answerTo = (sent: ClientRequest) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve).once('error', reject);
  });

async function readBody(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes)
      throw new Error(`the answer is longer than ${maxAnswerBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Objects answer in XML, the admin interface in JSON. */
function errorOf(body: Buffer): { code: string; message: string } {
  const text = body.subarray(0, 4096).toString('utf8');
  const xml = (tag: string) => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(text)?.[1];
  const json = (key: string) => new RegExp(`"${key}":"([^"]*)"`).exec(text)?.[1];
  const part = (name: string) => xml(name) ?? json(name) ?? '';
  return { code: part('Code'), message: part('Message') };
}
