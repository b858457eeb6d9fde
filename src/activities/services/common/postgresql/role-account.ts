import { z } from 'zod';
import { refuse } from '../../../../shared/errors.ts';
import type { AccountType, CredentialTarget, LoginSecret } from '../../credentials.ts';
import { readAccount } from './account.ts';
import { loginsOf, nextTurn, retireLogin, setClone } from './alternating.ts';
import { change, now } from './change.ts';
import { databaseArgument, type LocalServer } from './local-command.ts';
import { proveLogin, refusedLoginLines } from './login.ts';
import { DatabaseName, RoleName } from './names.ts';
import { holdingOf, setPassword } from './password.ts';
import { readRoles } from './roles.ts';
import { scramVerifier } from './scram.ts';
import type { PostgresqlServers } from './servers.ts';
import { sessionVerbs } from './session-verbs.ts';
import { readAndWrite } from './uses.ts';

const Account = z.strictObject({ role: RoleName, database: DatabaseName });

/** A role that an application logs in with. */
export const roleAccount = (servers: PostgresqlServers): AccountType => ({
  title: 'a role of an application',
  account: Account,
  strategies: ['alternating', 'single'],
  ...sessionVerbs(servers),

  nextLogin(target, current) {
    const { role } = readAccount(target, Account);
    return target.strategy === 'alternating' ? nextTurn(role, current) : role;
  },

  async holds(target, secret) {
    const { role } = ownLogin(target, secret);
    const roles = await readRoles(await servers.primary(target.service), [role, secret.login]);
    roles.require(role);
    return holdingOf(roles.get(secret.login), secret);
  },

  async set(target, secret) {
    const { role } = ownLogin(target, secret);
    const server = await servers.primary(target.service);
    if (secret.login === role) return setPassword(target, server, secret);
    const roles = await readRoles(server, [role, secret.login]);
    if ((await holdingOf(roles.get(secret.login), secret)) === 'this') return now(server);
    const verifier = await scramVerifier(secret.value, { iterations: roles.iterations });
    return change(target, server, setClone(roles, role, secret.login, verifier));
  },

  async prove(target, secret) {
    const { database } = ownLogin(target, secret);
    const primary = () => servers.primary(target.service);
    return proveLogin(target, primary, secret, { database, use: readAndWrite });
  },

  refusedLoginLines: (target) =>
    loginsOf(readAccount(target, Account).role).flatMap(refusedLoginLines),

  async retire(target, secret) {
    const { role, database } = ownLogin(target, secret);
    const server = await servers.primary(target.service);
    const roles = await readRoles(server, [role, secret.login]);
    // A login that has another value by now refuses this one already.
    if ((await holdingOf(roles.get(secret.login), secret)) !== 'this') return;
    await change(target, inDatabase(server, database), retireLogin(role, secret.login));
  },
});

/** Objects are handed over in the database that they are in. */
const inDatabase = (server: LocalServer, database: string): LocalServer => ({
  ...server,
  settings: { ...server.settings, database: databaseArgument(database) },
});

function ownLogin(target: CredentialTarget, { login }: LoginSecret): z.infer<typeof Account> {
  const account = readAccount(target, Account);
  const logins = target.strategy === 'alternating' ? loginsOf(account.role) : [account.role];
  if (logins.includes(login)) return account;
  throw refuse(
    'RB_ACCOUNT_INVALID',
    `the login ${JSON.stringify(login)} is none of the role ${JSON.stringify(account.role)}`,
    `its logins with the strategy "${target.strategy}": ${logins.join(', ')}`,
    'put back the role and the strategy that the secret had, or describe the new role under a secret of its own',
  );
}
