import { refuse } from '../../../shared/errors.ts';
import type { LoginSecret } from '../credentials.ts';
import { decryptBody, encryptBody } from './admin-body.ts';
import { type SignedAnswer, type SignedRequest, sendSigned } from './signed-request.ts';
import { judge } from './verdict.ts';

/** Calls of MinIO's admin interface, in the name of one who may administer. */
export interface Admin {
  readonly endpoint: URL;
  readonly secret: LoginSecret;
}

export interface AdminCall {
  readonly method: SignedRequest['method'];
  /** Below the interface's own path: `add-user`. */
  readonly verb: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON, encrypted with the administrator's secret. */
  readonly body?: unknown;
}

/** The interface takes every region. */
const region = 'us-east-1';

/** Asks, and throws what MinIO refuses, but for what is `expected`; the administrator's own secret above all. */
export async function askAdmin(
  { endpoint, secret }: Admin,
  { method, verb, query, body }: AdminCall,
  expected: (answer: SignedAnswer) => boolean = () => false,
): Promise<SignedAnswer> {
  const answer = await sendSigned(endpoint, secret, region, {
    method,
    path: `/minio/admin/v3/${verb}`,
    ...(query === undefined ? {} : { query }),
    ...(body === undefined ? {} : { body: await encryptBody(secret.value, JSON.stringify(body)) }),
  });
  const { status, code, message } = answer;
  if (status < 400 || expected(answer)) return answer;
  if (status < 500 && code.startsWith('XMinio')) throw refused(verb, code, message);
  const judged = judge(endpoint, secret, answer);
  if (judged === 'accepted') return answer;
  throw adminRefused(secret.login, judged === 'denied' ? `${verb}: ${message}` : judged.words);
}

/** The text of an answer that MinIO encrypts. */
export const decrypted = ({ secret }: Admin, { body }: SignedAnswer): Promise<string> =>
  decryptBody(secret.value, body);

const adminRefused = (login: string, why: string) =>
  refuse(
    'RB_CREDENTIAL_ADMIN',
    `MinIO refuses ${login} as its administrator`,
    why,
    'see whether the store holds its present secret, and whether its policy allows to administer users',
  );

const refused = (verb: string, code: string, message: string) =>
  refuse(
    'RB_CREDENTIAL_ANSWER',
    `MinIO refuses ${verb}`,
    `${code}: ${message}`,
    'see what it says; nothing was changed by this',
  );
