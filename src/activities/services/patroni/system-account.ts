import type pg from 'pg';
import { z } from 'zod';
import { readAccount } from '../common/postgresql/account.ts';
import { proveLogin, refusedLoginLines } from '../common/postgresql/login.ts';
import { RoleName } from '../common/postgresql/names.ts';
import { holdingOf, setPassword } from '../common/postgresql/password.ts';
import { readRoles } from '../common/postgresql/roles.ts';
import { sessionVerbs } from '../common/postgresql/session-verbs.ts';
import type { AccountType, CredentialTarget, LoginSecret } from '../credentials.ts';
import { servers } from './servers.ts';

interface SystemAccount {
  readonly title: string;
  /** What Patroni calls the role when its configuration does not name it. */
  readonly role: string;
  /** None for a replication connection. */
  readonly database?: string;
  readonly use: (client: pg.Client) => Promise<string>;
}

/** How a member that has the old password still tells that the leader refused it; the refusal follows as a traceback. */
const memberRefused = 'ERROR: Exception when working with leader';

/**
 * A role that Patroni's members work with. Its password stands in the configuration of every member as well, which
 * reads it again on a reload: the members are the consumers of the secret.
 */
export function systemAccount({ title, role: usual, ...login }: SystemAccount): AccountType {
  const Account = z.strictObject({ role: RoleName.default(usual) });
  const own = (target: CredentialTarget, secret: LoginSecret): LoginSecret => ({
    login: readAccount(target, Account).role,
    value: secret.value,
  });
  return {
    title,
    account: Account,
    strategies: ['single'],
    ...sessionVerbs(servers),
    nextLogin: (target) => readAccount(target, Account).role,

    async holds(target, secret) {
      const { login, value } = own(target, secret);
      const roles = await readRoles(await servers.primary(target.service), [login]);
      return holdingOf(roles.require(login), { login, value });
    },
    async set(target, secret) {
      return setPassword(target, await servers.primary(target.service), own(target, secret));
    },
    prove: async (target, secret) =>
      proveLogin(target, () => servers.primary(target.service), own(target, secret), login),
    refusedLoginLines: (target) => [
      ...refusedLoginLines(readAccount(target, Account).role),
      memberRefused,
    ],
    retire: async () => {},
  };
}
