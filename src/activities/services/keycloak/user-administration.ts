import { z } from 'zod';
import type { CredentialTarget } from '../credentials.ts';
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
  value: string | undefined,
  work: (work: AdminWork) => Promise<T>,
): Promise<T> {
  const { realm } = UserAccount.parse(target.account);
  const administrator = (await otherAdministrator(target)) ?? (await itself(target, value));
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

async function itself(target: CredentialTarget, value: string | undefined): Promise<Administrator> {
  const { user, realm } = UserAccount.parse(target.account);
  const known = ((await target.known?.()) ?? []).map((secret) => secret.value);
  const [first, ...others] = known.filter((other) => other !== value);
  const logins = [first, value, ...others]
    .filter((one) => one !== undefined)
    .map((one) => ({ login: user, value: one }));
  return { realm, logins };
}

export async function idOf(target: CredentialTarget, api: AdminApi): Promise<string> {
  const { user, realm } = UserAccount.parse(target.account);
  const id = await api.userId(user);
  if (id !== undefined) return id;
  throw noAccount(`the realm ${realm} has no user ${user}`, 'Keycloak finds none of that name');
}
