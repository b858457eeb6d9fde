import { z } from 'zod';
import type { LoginSecret } from '../../src/activities/services/credentials.ts';

/** What an operator does in Keycloak by other means than the product. */
export class KeycloakOperator {
  private readonly base: string;
  private readonly token: string;

  private constructor(base: string, token: string) {
    this.base = base;
    this.token = token;
  }

  static async logIn(base: string, { login, value }: LoginSecret): Promise<KeycloakOperator> {
    const answer = await passwordGrant(base, { login, value });
    const { access_token } = z.object({ access_token: z.string() }).parse(await answer.json());
    return new KeycloakOperator(base, access_token);
  }

  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.base}/admin/realms${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
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
