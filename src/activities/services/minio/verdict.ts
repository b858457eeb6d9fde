import { RunbookError } from '../../../shared/errors.ts';
import type { LoginSecret, LoginVerdict } from '../credentials.ts';
import { noAnswer, type SignedAnswer } from './signed-request.ts';

/** MinIO's words for a key that it does not know or that is disabled, and for another secret of a key. */
const refusals = ['InvalidAccessKeyId', 'SignatureDoesNotMatch'];

export type Refused = Extract<LoginVerdict, { readonly accepted: false }>;

/** MinIO looks at the signature before it looks at permissions: `AccessDenied` is no refusal of a secret. */
export type Judged = 'accepted' | 'denied' | Refused;

/** What an answer says of the secret that signed the request. Throws when it says nothing of it. */
export function judge(endpoint: URL, { login }: LoginSecret, answer: SignedAnswer): Judged {
  const { status, code, message } = answer;
  if (status >= 200 && status < 300) return 'accepted';
  if (code === 'AccessDenied') return 'denied';
  if (refusals.includes(code)) {
    const why = isDisabled(answer) ? 'it is disabled' : message;
    return { accepted: false, refusal: code, words: `${login}: ${why}` };
  }
  const words = `HTTP ${status} ${code} ${message}`.trim();
  throw status >= 500 ? noAnswer(endpoint, words) : unexpected(endpoint, words);
}

/** The code is that of an unknown key; only the words tell. */
const isDisabled = ({ message }: SignedAnswer) => /\bdisabled\b/.test(message);

/** A region or a clock that is not the server's, a port that is another service's. */
const unexpected = (endpoint: URL, why: string) =>
  new RunbookError(
    'RB_CREDENTIAL_ANSWER',
    `MinIO answers otherwise than expected on ${endpoint.host}`,
    {
      why,
      fix: 'set a clock that is wrong and retry; `account.region` and `route` stand in the platform file: correct them and start a new run',
    },
  );
