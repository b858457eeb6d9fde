import { RunbookError } from '../../../shared/errors.ts';
import { limits } from '../../../shared/limits.ts';

/** Checking a password takes Keycloak a moment of processor time, more of it while it starts. */
const timeoutMs = 10_000;

export interface KeycloakRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the base path, with what is variable encoded (`urlPath`). */
  readonly path: string;
  readonly token?: string;
  /** Secrets travel in bodies only: a URL stands in access logs. */
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

export interface KeycloakAnswer {
  readonly status: number;
  /** The parsed JSON; undefined when it is empty or something else. */
  readonly body: unknown;
}

export interface Ask {
  (request: KeycloakRequest): Promise<KeycloakAnswer>;
  /** The service that is asked, by whatever address. */
  readonly service: string;
}

/** Asks one Keycloak. A status of 500 and above is no answer: another try may help. */
export const asking = (service: string, base: string): Ask =>
  Object.assign((request: KeycloakRequest) => ask(base, request), { service });

async function ask(base: string, request: KeycloakRequest): Promise<KeycloakAnswer> {
  const response = await send(base, request).catch((error: unknown) => {
    throw unanswered(base, causeOf(error));
  });
  const text = await readBounded(base, response);
  if (response.status >= 500 || response.status === 429) {
    throw unanswered(base, `it answered HTTP ${response.status}`);
  }
  return { status: response.status, body: parsed(text) };
}

/** A path whose variable parts cannot leave their place in it. */
export const urlPath = (parts: TemplateStringsArray, ...values: readonly string[]): string =>
  String.raw({ raw: parts }, ...values.map(encodeURIComponent));

function send(base: string, { method, path, token, form, json }: KeycloakRequest) {
  const body = form === undefined ? JSON.stringify(json) : new URLSearchParams({ ...form });
  return fetch(`${base}${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body ?? null,
    // A redirect would carry the secret to an address that nobody wrote down.
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
}

async function readBounded(base: string, response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > limits.keycloakAnswerBytes) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw unanswered(base, causeOf(error));
  }
  if (bytes <= limits.keycloakAnswerBytes) return Buffer.concat(chunks).toString('utf8');
  throw unanswered(base, `its answer is longer than ${limits.keycloakAnswerBytes} bytes`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Node's word for what went wrong (`ECONNREFUSED`, `TimeoutError`); a message could repeat what was sent. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return 'no connection';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
}

const unanswered = (base: string, why: string) =>
  new RunbookError('RB_CREDENTIAL_UNANSWERED', `Keycloak does not answer at ${base}`, {
    why,
    fix: 'see that it runs and that this host reaches it there; `settings.httpPort` and `settings.basePath` say where',
  });
