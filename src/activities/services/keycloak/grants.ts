import { z } from 'zod';
import type { LoginSecret } from '../credentials.ts';
import { bodyOf, noAccount, refusalOf } from './answers.ts';
import { type Ask, type KeycloakAnswer, urlPath } from './http.ts';
import { paced } from './refusal-pace.ts';

export interface Granted {
  readonly granted: true;
  readonly token: string;
  /** The session that the login has opened, if it did. */
  readonly session: string | undefined;
  end(): Promise<void>;
}

/** The secret is wrong, and nothing else is. */
export interface Refused {
  readonly granted: false;
  readonly refusal: string;
  readonly words: string;
}

const Tokens = z.object({
  access_token: z.string(),
  refresh_token: z.string().optional(),
  session_state: z.string().optional(),
});

/** The client of every realm that takes a user's password without a browser. */
const cli = 'admin-cli';

/** Other sentences come with the same `error`, also when the secret is right: an account that is disabled. */
const wrongPassword = 'Invalid user credentials';
/** With `unauthorized_client`; a client that is not there is told the same with `invalid_client`, whatever it sends. */
const wrongClientSecret = /^Invalid client (?:or Invalid client credentials|secret)$/;
const noServiceAccount = 'Client not enabled to retrieve service account';

/** Logs a user in, at a pace that locks nobody out. */
export const logIn = (ask: Ask, realm: string, secret: LoginSecret): Promise<Granted | Refused> =>
  paced(`${ask.service}/${realm}/${secret.login}`, () => logInOnce(ask, realm, secret));

async function logInOnce(ask: Ask, realm: string, secret: LoginSecret): Promise<Granted | Refused> {
  const { login: username, value: password } = secret;
  const form = { grant_type: 'password', client_id: cli, username, password };
  const answer = await ask({ path: oidc(realm, 'token'), form });
  if (answer.status === 200) return granted(ask, realm, answer);
  const { error, description, words } = refusalOf(answer);
  // 400 since 26.7, 401 before.
  if (error === 'invalid_grant' && description === wrongPassword) {
    return { granted: false, refusal: `HTTP ${answer.status} ${error}`, words };
  }
  throw noAccount(`the user ${username} of the realm ${realm} cannot log in`, words);
}

/** A client's own login: with a service account it gets a token, without one it asks about a token. */
export async function logInClient(
  ask: Ask,
  realm: string,
  secret: LoginSecret,
): Promise<Granted | Refused | { readonly granted: 'no token' }> {
  const credentials = { client_id: secret.login, client_secret: secret.value };
  const form = { ...credentials, grant_type: 'client_credentials', scope: 'openid' };
  const answer = await ask({ path: oidc(realm, 'token'), form });
  if (answer.status === 200) return granted(ask, realm, answer);
  const { error, description, words } = refusalOf(answer);
  if (error === 'unauthorized_client' && wrongClientSecret.test(description)) {
    return { granted: false, refusal: `HTTP ${answer.status} ${error}`, words };
  }
  if (description !== noServiceAccount) {
    throw noAccount(`the client ${secret.login} of the realm ${realm} cannot log in`, words);
  }
  const question = { ...credentials, token: 'none' };
  const told = await ask({ path: oidc(realm, 'token/introspect'), form: question });
  bodyOf(told, z.object({ active: z.boolean() }), 'a client asks about a token');
  return { granted: 'no token' };
}

/** The read of whoever has a token: who it says they are. */
export async function readOwnName(ask: Ask, realm: string, token: string): Promise<string> {
  const answer = await ask({ path: oidc(realm, 'userinfo'), token });
  const Told = z.object({ preferred_username: z.string().default('nobody') });
  return bodyOf(answer, Told, 'userinfo').preferred_username;
}

function granted(ask: Ask, realm: string, answer: KeycloakAnswer): Granted {
  const { access_token, refresh_token, session_state } = bodyOf(answer, Tokens, 'a token');
  return {
    granted: true,
    token: access_token,
    session: session_state,
    async end() {
      if (refresh_token === undefined) return;
      await ask({ path: oidc(realm, 'logout'), form: { client_id: cli, refresh_token } });
    },
  };
}

const oidc = (realm: string, what: string) =>
  `${urlPath`/realms/${realm}`}/protocol/openid-connect/${what}`;
