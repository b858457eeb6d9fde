import type { Credential } from './credential-schema.ts';

/**
 * The login that a version of the store opens when the store keeps none for it, as it is for the first version: what
 * the platform file says of the account.
 */
export function firstLogin(item: {
  readonly credential?: Pick<Credential, 'account'> | undefined;
}): string | undefined {
  const account = item.credential?.account;
  return account?.role ?? account?.user ?? account?.client ?? account?.login;
}
