import { z } from 'zod';
import { refuse } from '../../../shared/errors.ts';
import type { AccountType, CredentialTarget } from '../credentials.ts';
import type { AdminApi, Client } from './admin-api.ts';
import {
  AccountName,
  administratorKeys,
  asAdministrator,
  namedAdministrator,
  RealmName,
} from './administrator.ts';
import { noAccount } from './answers.ts';
import {
  formerSecret,
  hasExpiry,
  noOverlap,
  overlapSeconds,
  withFormerSecret,
  withFreshExpiry,
  withNewSecret,
} from './client-overlap.ts';
import { logInClient, readOwnName } from './grants.ts';
import { askAsConsumer } from './location.ts';

const Account = z.strictObject({
  client: AccountName,
  realm: RealmName.default('master'),
  ...administratorKeys,
});

/**
 * A confidential client's secret. It has no sessions of its own: those of users who came through it are theirs, and
 * renewing one takes the new secret. Tokens that the old one got live on for minutes, as the realm says.
 */
export const clientAccount: AccountType = {
  title: 'secret of a confidential client',
  account: Account,
  strategies: ['dual', 'single'],
  nextLogin: ({ account }) => Account.parse(account).client,

  /** The admin API shows a client's secret: this is exact, and nobody logs in for it. */
  async holds(target, { value }) {
    return administered(target, async (api, clientId) => {
      const client = await api.client(clientId);
      if (client === undefined) return 'missing';
      const secret = secretOf(client);
      if (target.strategy !== 'dual') return secret === value ? 'this' : 'another';
      await overlapSeconds(api, clientId);
      return secret === value || formerSecret(client) === value ? 'this' : 'another';
    });
  },

  async set(target, { value }) {
    return administered(target, async (api, clientId) => {
      if (target.strategy === 'dual') await setBeside(target, api, clientId, value);
      else await setAlone(target, api, clientId, value);
      // Keycloak's answers carry no date; a container's clock is that of its host.
      return { at: new Date().toISOString() };
    });
  },

  async prove(target, secret) {
    const { realm } = Account.parse(target.account);
    const ask = await askAsConsumer(target);
    const grant = await logInClient(ask, realm, secret);
    if (grant.granted === false) {
      return { accepted: false, refusal: grant.refusal, words: grant.words };
    }
    if (grant.granted === 'no token') {
      return { accepted: true, words: 'it may ask about tokens; it has no service account' };
    }
    const name = await readOwnName(ask, realm, grant.token);
    await grant.end();
    return { accepted: true, words: `a token, and ${name} read with it` };
  },

  /** On the way back it is the newer one that goes, and the former one is in force again. */
  async retire(target, { value }) {
    await administered(target, async (api, clientId) => {
      const client = await existing(api, clientId);
      const former = formerSecret(client);
      if (secretOf(client) === value) {
        if (former === undefined) throw onlyOne(clientId);
        await target.checkFence();
        await replace(api, withFormerSecret(client, former), former);
      } else if (former === value) {
        await target.checkFence();
        await api.dropFormerSecret(client);
      }
    });
  },
};

async function setAlone(
  target: CredentialTarget,
  api: AdminApi,
  clientId: string,
  value: string,
): Promise<void> {
  const client = await existing(api, clientId);
  if (secretOf(client) !== value) {
    await target.checkFence();
    await replace(api, { ...withFreshExpiry(client), secret: value }, value);
  }
  if (formerSecret(client) === undefined) return;
  await target.checkFence();
  await api.dropFormerSecret(client);
}

/**
 * First an update that changes nothing: only it tells whether the realm's policy applies to this client. Without one
 * the update that follows would end the old secret at once.
 */
async function setBeside(
  target: CredentialTarget,
  api: AdminApi,
  clientId: string,
  value: string,
): Promise<void> {
  const client = await existing(api, clientId);
  if (secretOf(client) === value) return;
  const seconds = await overlapSeconds(api, clientId);
  await target.checkFence();
  await api.replaceClient(withFreshExpiry(client));
  const touched = await existing(api, clientId);
  if (!hasExpiry(touched)) throw await noOverlap(api, clientId);
  await target.checkFence();
  await replace(api, withNewSecret(touched, value, seconds), value);
}

/** A policy of the realm can put a secret of its own in the place of the one that is set. */
async function replace(api: AdminApi, client: Client, value: string): Promise<void> {
  await api.replaceClient(client);
  if ((await existing(api, client.clientId)).secret === value) return;
  throw refuse(
    'RB_CREDENTIAL_VALUE',
    `Keycloak has put a secret of its own in the place of the new one of ${client.clientId}`,
    'a client policy of the realm makes secrets itself',
    'exempt the client from that policy, or rotate its secret by hand',
  );
}

async function administered<T>(
  target: CredentialTarget,
  work: (api: AdminApi, clientId: string) => Promise<T>,
): Promise<T> {
  const { realm, client, ...account } = Account.parse(target.account);
  const administrator = await namedAdministrator(target, account);
  return asAdministrator(target, administrator, realm, ({ api }) => work(api, client));
}

async function existing(api: AdminApi, clientId: string): Promise<Client> {
  const client = await api.client(clientId);
  if (client !== undefined) return client;
  throw noAccount(
    `there is no client ${clientId}`,
    'Keycloak finds none of that name in the realm',
  );
}

/** Refuses what has no secret that could be set. */
function secretOf(client: Client): string {
  const why = whyNoSecret(client);
  if (why === undefined) return client.secret ?? '';
  throw noAccount(`the client ${client.clientId} has no secret that can be rotated`, why);
}

function whyNoSecret(client: Client): string | undefined {
  if (client.publicClient || client.bearerOnly) return 'it is public, or bearer-only';
  const { clientAuthenticatorType: authenticator, secret, attributes } = client;
  if (authenticator !== 'client-secret') return `it authenticates by ${authenticator}`;
  if (attributes['client.secret.authentication.allowed.method'] === 'client_secret_basic') {
    return 'it may send its secret in a header only, and proofs send it in the body';
  }
  if (secret === undefined) return 'Keycloak does not show it: the administrator may not manage it';
  return secret.startsWith('${vault.') ? "it stands in Keycloak's vault" : undefined;
}

const onlyOne = (clientId: string) =>
  refuse(
    'RB_CREDENTIAL_ONLY',
    `the secret of ${clientId} that should be retired is the only one in force`,
    'the client has no other secret that Keycloak accepts',
    'see in Keycloak who has changed it; set the new secret first',
  );
