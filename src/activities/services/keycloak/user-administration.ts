import { z } from 'zod';
import type { CredentialTarget, LoginSecret } from '../credentials.ts';
import type { AdminApi } from './admin-api.ts';
import {
  AccountName,
  type Administrator,
  type AdminWork,
  administratorKeys,
  asAdministrator,
  namedAdministrator,
  RealmName,
} from './administrator.ts';
import { noAccount } from './answers.ts';

/** An administrator's own account. */
export const UserAccount = z.strictObject({
  user: AccountName,
  realm: RealmName.default('master'),
  ...administratorKeys,
  /** Without one the administrator sets its own password. */
  admin: administratorKeys.admin.optional(),
});

/**
 * Works as the administrator that the account names, or as the account itself, with what may be in force. A value that
 * is being set comes second: it is in force only when a crash followed its setting.
 */
export async function administered<T>(
  target: CredentialTarget,
  secret: LoginSecret | undefined,
  work: (work: AdminWork) => Promise<T>,
): Promise<T> {
  const { realm } = UserAccount.parse(target.account);
  const administrator = (await otherAdministrator(target)) ?? itself(target, secret);
  return asAdministrator(target, administrator, realm, work);
}

/** Undefined when the account administers itself, also when it names its own secret. */
export async function otherAdministrator(
  target: CredentialTarget,
): Promise<Administrator | undefined> {
  const { user, realm, admin, ...rest } = UserAccount.parse(target.account);
  if (admin === undefined) return undefined;
  const named = await namedAdministrator(target, { ...rest, admin });
  return named.realm === realm && named.logins[0]?.login === user ? undefined : named;
}

function itself(target: CredentialTarget, secret: LoginSecret | undefined): Administrator {
  const { user, realm } = UserAccount.parse(target.account);
  const [first, ...others] = (target.known ?? []).filter(({ value }) => value !== secret?.value);
  const logins = [first, secret, ...others]
    .filter((login) => login !== undefined)
    .map(({ value }) => ({ login: user, value }));
  return { realm, logins };
}

export async function idOf(target: CredentialTarget, api: AdminApi): Promise<string> {
  const { user, realm } = UserAccount.parse(target.account);
  const id = await api.userId(user);
  if (id !== undefined) return id;
  throw noAccount(`the realm ${realm} has no user ${user}`, 'Keycloak finds none of that name');
}
