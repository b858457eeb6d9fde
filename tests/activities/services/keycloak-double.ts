import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServiceHandle } from '../../../src/activities/services/kind.ts';
import { running, serviceDouble } from './service-double.ts';

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly form: URLSearchParams;
  readonly json: Readonly<Record<string, unknown>>;
}

type Answer = readonly [status: number, body?: unknown];
/** Answers in place of the double; undefined leaves a request to it. */
export type Before = (request: Request, response: ServerResponse) => Answer | 'mine' | undefined;

/** The client of the double, with the attributes that the tests are about. */
export interface ClientState {
  secret: string;
  attributes: Record<string, string>;
  serviceAccountsEnabled: boolean;
}

const wrongPassword = { error: 'invalid_grant', error_description: 'Invalid user credentials' };
const wrongSecret = {
  error: 'unauthorized_client',
  error_description: 'Invalid client or Invalid client credentials',
};

/**
 * An HTTP server with one user and one client that answers as Keycloak 26.7.3 does: words and shapes were recorded
 * from it (`tests/features/credentials-keycloak.test.ts` runs against a real one).
 */
export class KeycloakDouble implements AsyncDisposable {
  readonly requests: Request[] = [];
  readonly sessions = new Set<string>();
  password = 'old';
  passwordSetAt = 1_795_750_969_720;
  refusedLogins = 0;
  client: ClientState | undefined = { secret: 'old', attributes: {}, serviceAccountsEnabled: true };
  /** The realm has a policy for two secrets, and it applies to the client: Keycloak tells only of the first. */
  policy = { exists: false, applies: false };
  before: Before = () => undefined;
  private readonly server = createServer((request, response) => {
    this.handle(request, response).catch((error) => response.destroy(error));
  });
  private count = 0;

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  static async listen(): Promise<KeycloakDouble> {
    const double = new KeycloakDouble();
    await new Promise<void>((listening) => double.server.listen(0, '127.0.0.1', listening));
    return double;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get service(): ServiceHandle {
    const facts = [running('keycloak', { addresses: ['127.0.0.1'] })];
    const settings = { httpPort: this.port, basePath: '/auth' };
    return { ...serviceDouble(facts, undefined, settings), name: `keycloak-${this.port}` };
  }

  /** What changed something, as `PUT /users/1/reset-password`. */
  get writes(): readonly string[] {
    return this.requests
      .filter(({ method, path }) => method !== 'GET' && path.startsWith('/admin/'))
      .map(({ method, path }) => `${method} ${path.replace('/admin/realms/master', '')}`);
  }

  private async handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of message) text += chunk;
    const isJson = message.headers['content-type'] === 'application/json';
    const request = {
      method: message.method ?? '',
      path: (message.url ?? '').replace('/auth', ''),
      form: new URLSearchParams(isJson ? '' : text),
      json: isJson ? JSON.parse(text) : {},
    };
    this.requests.push(request);
    const answer = this.before(request, response) ?? this.answer(request);
    if (answer === 'mine') return;
    const [status, body] = answer;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body === undefined ? '' : JSON.stringify(body));
  }

  private answer({ method, path, form, json }: Request): Answer {
    const oidc = /^\/realms\/master\/protocol\/openid-connect\/(\w+)/.exec(path)?.[1];
    if (oidc !== undefined) return this.oidc(oidc, path, form);
    const [, what = ''] = /^\/admin\/realms\/master(.*)$/.exec(path) ?? [];
    if (what === '') return path === '/admin/realms/master' ? [200, { realm: 'master' }] : [404];
    if (what.startsWith('/users?')) return [200, [{ id: '1', username: 'ops' }]];
    if (what === '/users/1/credentials') {
      return [200, [{ type: 'password', createdDate: this.passwordSetAt }]];
    }
    if (what === '/users/1/reset-password') {
      this.password = String(json.value);
      this.passwordSetAt += 1000;
      return [204];
    }
    if (what === '/users/1/sessions') return [200, [...this.sessions].map(session)];
    if (what === '/users/1/consents') return [200, []];
    if (what.startsWith('/sessions/')) return this.sessions.delete(idIn(what)) ? [204] : [404];
    if (what.startsWith('/clients?'))
      return [200, this.client ? [{ ...this.client, ...named }] : []];
    if (what === '/clients/2' && method === 'PUT') {
      this.client = this.underPolicy(json as unknown as ClientState);
      return [204];
    }
    if (what === '/clients/2/client-secret/rotated' && this.client) {
      this.client = { ...this.client, attributes: withoutRotation(this.client.attributes) };
      return [204];
    }
    if (what === '/client-policies/policies') {
      return [200, { policies: this.policy.exists ? [{ enabled: true, profiles: ['two'] }] : [] }];
    }
    if (what === '/client-policies/profiles') {
      const configuration = { 'rotated-expiration-period': 3600 };
      const executors = [{ executor: 'secret-rotation', configuration }];
      return [200, { profiles: [{ name: 'two', executors }] }];
    }
    return [404, { error: 'HTTP 404 Not Found' }];
  }

  /** An update that no rotation policy sees takes away what such a policy has left behind. */
  private underPolicy(client: ClientState): ClientState {
    const { [expiresAt]: until, ...attributes } = client.attributes;
    if (!this.policy.applies) return { ...client, attributes: withoutRotation(attributes) };
    const fresh = String(Math.floor(Date.now() / 1000) + 86_400);
    return { ...client, attributes: { ...attributes, [expiresAt]: until || fresh } };
  }

  private oidc(what: string, path: string, form: URLSearchParams): Answer {
    if (what === 'userinfo') return [200, { preferred_username: 'service-account-app' }];
    if (what === 'logout') {
      this.sessions.delete(form.get('refresh_token') ?? '');
      return [204];
    }
    if (form.get('grant_type') === 'password') {
      if (form.get('username') !== 'ops' || form.get('password') !== this.password) {
        this.refusedLogins++;
        return [400, wrongPassword];
      }
      const id = `session-${++this.count}`;
      this.sessions.add(id);
      return [200, { access_token: 'a', refresh_token: id, session_state: id }];
    }
    if (form.get('client_id') !== named.clientId || this.client === undefined) {
      return [401, { ...wrongSecret, error: 'invalid_client' }];
    }
    if (form.get('client_secret') !== this.client.secret) return [401, wrongSecret];
    if (path.endsWith('/introspect')) return [200, { active: false }];
    if (this.client.serviceAccountsEnabled) return [200, { access_token: 'a' }];
    const words = 'Client not enabled to retrieve service account';
    return [401, { error: 'unauthorized_client', error_description: words }];
  }
}

const expiresAt = 'client.secret.expiration.time';
const withoutRotation = (attributes: ClientState['attributes']): ClientState['attributes'] =>
  Object.fromEntries(
    Object.entries(attributes).filter(([name]) => !name.startsWith('client.secret.rotated')),
  );
const named = { id: '2', clientId: 'app' };
const idIn = (what: string) => /\/sessions\/([^?]+)/.exec(what)?.[1] ?? '';
const session = (id: string) => ({
  ...{ id, ipAddress: '172.18.0.1', start: 1_795_750_969_000 },
  clients: { '6513a7ff': 'admin-cli' },
});
