import { z } from 'zod';
import type { LoginSecret } from '../../src/activities/services/credentials.ts';

const Token = z.object({ access_token: z.string() });

/** What an operator does in Keycloak by other means than the product. */
export class KeycloakOperator {
  private readonly base: string;
  private readonly login: LoginSecret;

  constructor(base: string, login: LoginSecret) {
    this.base = base;
    this.login = login;
  }

  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    // A token of the realm master lives a minute.
    const answer = await passwordGrant(this.base, this.login);
    const { access_token } = Token.parse(await answer.json());
    const response = await fetch(`${this.base}/admin/realms${path}`, {
      method,
      headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** The id of the one thing that a query finds. */
  async idOf(path: string): Promise<string> {
    const [found] = z.array(z.object({ id: z.string() })).parse(await this.call('GET', path));
    if (found === undefined) throw new Error(`nothing at ${path}`);
    return found.id;
  }
}

/** A login as a person's script makes it; it opens a session. */
export const passwordGrant = (
  base: string,
  { login, value }: LoginSecret,
  scope = 'profile',
): Promise<Response> =>
  fetch(`${base}/realms/master/protocol/openid-connect/token`, {
    method: 'POST',
    body: new URLSearchParams({
      ...{ grant_type: 'password', client_id: 'admin-cli', scope },
      ...{ username: login, password: value },
    }),
  });
