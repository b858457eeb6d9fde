import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { AccountType, CredentialTarget, LoginSecret } from '../credentials.ts';
import { accessKeyName } from './access-key-name.ts';
import { Bucket, Region, readAccount, UserName } from './account.ts';
import type { Admin } from './admin.ts';
import { consumersEndpoint, memberEndpoint } from './endpoint.ts';
import { holding, proveBucket } from './prove.ts';
import { accountTaken, administersItself, foreign, stillEnabled } from './refusals.ts';
import {
  addServiceAccount,
  deleteServiceAccount,
  disableServiceAccount,
  findServiceAccount,
  setServiceAccount,
} from './service-accounts.ts';
import { setUserSecret } from './users.ts';

const Account = z.strictObject({
  /** Whose rights the access key has. The first version is this user's own secret. */
  user: UserName,
  /** The secret of the administrator who makes access keys. */
  admin: z.string().default('minio-root'),
  /** Where a proof reads and writes. */
  bucket: Bucket,
  access: z.enum(['read-write', 'read', 'write']).default('read-write'),
  region: Region,
});

/**
 * What an application signs its requests with. `dual`: each version is an access key of its own below one user, so
 * that two are valid at once; `single`: the secret behind the present key is replaced.
 */
export const accessKey: AccountType = {
  title: 'access key of an application',
  account: Account,
  strategies: ['dual', 'single'],

  nextLogin(target, current, version) {
    const { user } = readAccount(target, Account);
    if (current === undefined) return user;
    return target.strategy === 'single' ? current : accessKeyName(user, version);
  },

  holds: async (target, secret) => (await look(target, secret)).holding,

  /** A question that only an administrator gets an answer to. */
  async requireAdministrator(target) {
    await findServiceAccount(await adminOf(target), readAccount(target, Account).user);
  },

  async set(target, secret) {
    const { user } = readAccount(target, Account);
    const admin = await adminOf(target);
    if (secret.login === user)
      return setUserSecret(admin, user, secret.value, () => target.checkFence());
    await target.checkFence();
    const added = await addServiceAccount(admin, user, secret);
    return added === 'taken' ? setExisting(target, admin, secret) : added;
  },

  async prove(target, secret) {
    const { bucket, access, region } = readAccount(target, Account);
    const endpoint = await consumersEndpoint(target);
    return proveBucket({ endpoint, region }, secret, bucket, access, () => target.checkFence());
  },

  /**
   * Disables the access key; `set` enables it again. A user is not disabled, for its access keys would end with it: it
   * gets a secret that nobody knows.
   */
  async retire(target, secret) {
    const { user } = readAccount(target, Account);
    if ((await look(target, secret)).holding !== 'this') return;
    const admin = await adminOf(target);
    if (secret.login !== user) {
      await target.checkFence();
      if (await disableServiceAccount(admin, secret.login)) return;
    }
    const nobodyKnows = randomBytes(30).toString('base64url');
    await setUserSecret(admin, secret.login, nobodyKnows, () => target.checkFence());
  },

  async remove(target, login) {
    const { user } = readAccount(target, Account);
    if (login === user) return;
    const admin = await adminOf(target);
    const found = await findServiceAccount(admin, login);
    if (found === undefined) return;
    if (found.user !== user) throw accountTaken(login, user);
    if (found.enabled) throw stillEnabled(login);
    await target.checkFence();
    await deleteServiceAccount(admin, login);
  },
};

async function look(target: CredentialTarget, secret: LoginSecret) {
  const { region } = readAccount(target, Account);
  return holding({ endpoint: await memberEndpoint(target), region }, secret);
}

/** An answer that was lost, a key that was retired, one whose secret is replaced, or one that somebody else made. */
async function setExisting(target: CredentialTarget, admin: Admin, secret: LoginSecret) {
  const { login, value } = secret;
  const { user } = readAccount(target, Account);
  const { holding: held, at } = await look(target, secret);
  if (held === 'this') return { at };
  const found = await findServiceAccount(admin, login);
  const isReplaced = target.strategy === 'single' && held === 'another';
  // On a new disk a platform may begin with a user of the name that its secret has come to.
  if (isReplaced && found === undefined) {
    return setUserSecret(admin, login, value, () => target.checkFence());
  }
  if (found?.user !== user) throw accountTaken(login, user);
  if (found.enabled && !isReplaced) throw foreign(login);
  await target.checkFence();
  return setServiceAccount(admin, secret);
}

async function adminOf(target: CredentialTarget): Promise<Admin> {
  const { user, admin } = readAccount(target, Account);
  const secret = await target.secret(admin);
  if (secret.login === user) throw administersItself(user);
  return { endpoint: await memberEndpoint(target), secret };
}
