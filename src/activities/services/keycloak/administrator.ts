import { z } from 'zod';
import { refuse } from '../../../shared/errors.ts';
import { Name } from '../../../shared/name.ts';
import type { CredentialTarget, LoginSecret } from '../credentials.ts';
import { type AdminApi, adminApi } from './admin-api.ts';
import { noAccount } from './answers.ts';
import { logIn } from './grants.ts';
import { askMember } from './location.ts';

/** Names of users and clients may hold anything that can be seen: they travel in bodies and queries. */
export const AccountName = z
  .string()
  .regex(/^[^\p{Cc}]{1,255}$/u, { error: 'expected a name without control characters' });

/** A realm stands in paths. */
export const RealmName = z.string().regex(/^(?!\.{1,2}$)[^\p{Cc}/\\;?#%]{1,255}$/u, {
  error: ({ input }) => `expected the name of a realm, got ${JSON.stringify(input)}`,
});

/** Who works on an account: an administrator whose password is a secret of the platform. */
export const administratorKeys = {
  admin: Name.meta({ description: "The secret with the administrator's password." }),
  adminUser: AccountName.optional().meta({
    description: "The administrator's name, when its secret is no credential that says it.",
  }),
  adminRealm: RealmName.default('master'),
};

export interface Administrator {
  readonly realm: string;
  /** What may open the administrator's account, the likeliest first. */
  readonly logins: readonly LoginSecret[];
}

export async function namedAdministrator(
  target: CredentialTarget,
  account: { admin: string; adminUser?: string | undefined; adminRealm: string },
): Promise<Administrator> {
  const secret = await target.secret(account.admin);
  const login = account.adminUser ?? secret.login;
  if (login !== '') return { realm: account.adminRealm, logins: [{ login, value: secret.value }] };
  throw noAccount(
    `the secret ${account.admin} does not say whose password it is`,
    'it is no credential of an administrator, and the account has no `adminUser`',
  );
}

export interface AdminWork {
  readonly api: AdminApi;
  /** What has opened the administrator's account. */
  readonly login: LoginSecret;
  /** The session of this work itself. */
  readonly session: string | undefined;
}

/** Works on a realm with an administrator's token, and ends that login: it leaves no session behind. */
export async function asAdministrator<T>(
  target: CredentialTarget,
  administrator: Administrator,
  realm: string,
  work: (work: AdminWork) => Promise<T>,
): Promise<T> {
  const ask = await askMember(target);
  let refusal: string | undefined;
  for (const login of distinct(administrator.logins)) {
    const grant = await logIn(ask, administrator.realm, login);
    if (!grant.granted) {
      refusal = grant.words;
      continue;
    }
    try {
      return await work({ api: adminApi(ask, realm, grant.token), login, session: grant.session });
    } finally {
      // It would end by itself; what the work has told counts more.
      await grant.end().catch(() => target.log('Keycloak did not end the login of this step'));
    }
  }
  throw adminRefused(administrator, refusal ?? 'no value of it is known');
}

const distinct = (logins: readonly LoginSecret[]): readonly LoginSecret[] =>
  logins.filter(({ value }, index) => logins.findIndex((other) => other.value === value) === index);

const adminRefused = ({ realm, logins: [first] }: Administrator, words: string) =>
  refuse(
    'RB_CREDENTIAL_ADMIN',
    `Keycloak refuses the administrator ${first?.login ?? ''} of the realm ${realm}`.trim(),
    words,
    'set the password that the store holds in Keycloak, with another administrator or `kc.sh bootstrap-admin`; where brute force is detected it may be locked for a while',
  );
