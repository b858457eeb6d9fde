import { z } from 'zod';
import { refuse } from '../../../shared/errors.ts';
import { bodyOf, refusalOf, unexpected } from './answers.ts';
import { type Ask, type KeycloakAnswer, type KeycloakRequest, urlPath } from './http.ts';

/** What Keycloak says of a client; other keys are kept, because it is written back whole. */
const Client = z.looseObject({
  id: z.string(),
  clientId: z.string(),
  secret: z.string().optional(),
  publicClient: z.boolean().default(false),
  bearerOnly: z.boolean().default(false),
  clientAuthenticatorType: z.string().default('client-secret'),
  attributes: z.record(z.string(), z.string()).default({}),
});
export type Client = z.infer<typeof Client>;

const Session = z.object({
  id: z.string(),
  ipAddress: z.string().default('an unknown address'),
  /** Milliseconds since 1970, cut to the second. */
  start: z.number(),
  clients: z.record(z.string(), z.string()).default({}),
});
export type Session = z.infer<typeof Session> & { readonly offline: boolean };

const Consent = z.object({
  additionalGrants: z.array(z.object({ client: z.string(), key: z.string() })).default([]),
});

/** The parts of Keycloak's admin API that credentials need, with an administrator's token. */
export function adminApi(ask: Ask, realm: string, token: string) {
  const root = urlPath`/admin/realms/${realm}`;

  async function call(what: string, request: KeycloakRequest): Promise<KeycloakAnswer> {
    const answer = await ask({ ...request, path: `${root}${request.path}`, token });
    if (answer.status === 401 || answer.status === 403) throw notAllowed(what, realm, answer);
    return answer;
  }

  async function read<T>(what: string, path: string, schema: z.ZodType<T>): Promise<T> {
    return bodyOf(await call(what, { path }), schema, what);
  }

  async function write(what: string, path: string, json: unknown): Promise<void> {
    const answer = await call(what, { method: 'PUT', path, json });
    if (answer.status === 400) throw valueRefused(what, answer);
    if (answer.status !== 204) throw unexpected(answer, what);
  }

  /** What is gone already is as good. */
  async function remove(what: string, path: string): Promise<void> {
    const answer = await call(what, { method: 'DELETE', path });
    if (answer.status !== 204 && answer.status !== 404) throw unexpected(answer, what);
  }

  const sessionsAt = async (path: string, offline: boolean): Promise<readonly Session[]> =>
    (await read('list the sessions', path, z.array(Session))).map((one) => ({ ...one, offline }));

  return {
    readRealm: () => read('read the realm', '', z.object({ realm: z.string() })),

    /** The id of a user; Keycloak keeps their names in lower case. */
    async userId(name: string): Promise<string | undefined> {
      const query = new URLSearchParams({ username: name, exact: 'true' });
      const Users = z.array(z.object({ id: z.string(), username: z.string() }));
      const users = await read(`find the user ${name}`, `/users?${query}`, Users);
      return users.find(({ username }) => username.toLowerCase() === name.toLowerCase())?.id;
    },

    /** By Keycloak's clock, to the millisecond. */
    async passwordSetAt(userId: string): Promise<Date> {
      const path = urlPath`/users/${userId}/credentials`;
      const Credentials = z.array(z.object({ type: z.string(), createdDate: z.number() }));
      const credentials = await read('tell since when a password is in force', path, Credentials);
      return new Date(credentials.find(({ type }) => type === 'password')?.createdDate ?? 0);
    },

    resetPassword: (userId: string, value: string) =>
      write('set the password', urlPath`/users/${userId}/reset-password`, {
        ...{ type: 'password', temporary: false },
        value,
      }),

    /** Brute-force detection refuses whatever comes. */
    async isLocked(userId: string): Promise<boolean> {
      const path = urlPath`/attack-detection/brute-force/users/${userId}`;
      return (
        await read('tell whether a user is locked', path, z.object({ disabled: z.boolean() }))
      ).disabled;
    },

    /** Those behind offline tokens as well: they outlive a new password and a restart. */
    async sessions(userId: string): Promise<readonly Session[]> {
      const user = urlPath`/users/${userId}`;
      const consents = await read('list offline tokens', `${user}/consents`, z.array(Consent));
      const clients = consents
        .flatMap(({ additionalGrants }) => additionalGrants)
        .filter(({ key }) => key === 'Offline Token')
        .map(({ client }) => client);
      const found = [await sessionsAt(`${user}/sessions`, false)];
      for (const client of new Set(clients)) {
        found.push(await sessionsAt(user + urlPath`/offline-sessions/${client}`, true));
      }
      return found.flat();
    },

    endSession: ({ id, offline }: Pick<Session, 'id' | 'offline'>) =>
      remove('end a session', `${urlPath`/sessions/${id}`}?isOffline=${offline}`),

    async client(clientId: string): Promise<Client | undefined> {
      const path = `/clients?${new URLSearchParams({ clientId })}`;
      const found = await read(`find the client ${clientId}`, path, z.array(Client));
      return found.find((client) => client.clientId === clientId);
    },

    /** The whole of it: what is left out is switched off, such as authorization services. */
    replaceClient: (client: Client) =>
      write('set the secret of the client', urlPath`/clients/${client.id}`, client),

    dropFormerSecret: ({ id }: Client) =>
      remove('end the former secret', urlPath`/clients/${id}/client-secret/rotated`),

    /** Undefined when the administrator may not see it. */
    async hasFeature(name: string): Promise<boolean | undefined> {
      const answer = await ask({ path: '/admin/serverinfo', token });
      const Features = z.array(z.object({ name: z.string(), enabled: z.boolean() }));
      const told = z.object({ features: Features }).safeParse(answer.body).data;
      return told?.features.some((one) => one.name === name && one.enabled);
    },

    readPolicies: <T>(what: 'profiles' | 'policies', schema: z.ZodType<T>) =>
      read(`read the client ${what}`, `/client-policies/${what}`, schema),
  };
}
export type AdminApi = ReturnType<typeof adminApi>;

const notAllowed = (what: string, realm: string, answer: KeycloakAnswer) =>
  refuse(
    'RB_CREDENTIAL_ADMIN',
    `the administrator may not ${what} in the realm ${realm}`,
    refusalOf(answer).words,
    'give it the role admin, or manage-users and manage-clients of that realm, or name another administrator',
  );

const valueRefused = (what: string, answer: KeycloakAnswer) =>
  refuse(
    'RB_CREDENTIAL_VALUE',
    `Keycloak refuses to ${what}`,
    refusalOf(answer).words,
    "let the secret's `length` and the realm's policies agree; a password history forbids the way back as well",
  );
