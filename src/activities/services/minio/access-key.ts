import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { refuse } from '../../../shared/errors.ts';
import type { AccountType, CredentialTarget, LoginSecret } from '../credentials.ts';
import { accessKeyName } from './access-key-name.ts';
import { Bucket, Region, readAccount, UserName } from './account.ts';
import type { Admin } from './admin.ts';
import { consumersEndpoint, memberEndpoint } from './endpoint.ts';
import { holding, proveBucket } from './prove.ts';
import {
  addServiceAccount,
  deleteServiceAccount,
  findServiceAccount,
  updateServiceAccount,
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

  async holds(target, secret) {
    const { region } = readAccount(target, Account);
    return holding({ endpoint: await memberEndpoint(target), region }, secret);
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
   * Disables the access key; `set` enables it again. A user cannot be disabled, for its access keys end with it: it
   * gets a secret that nobody knows.
   */
  async retire(target, secret) {
    const { user } = readAccount(target, Account);
    if ((await accessKey.holds(target, secret)) !== 'this') return;
    const admin = await adminOf(target);
    if (secret.login === user) {
      await setUserSecret(admin, user, randomBytes(30).toString('base64url'), () =>
        target.checkFence(),
      );
      return;
    }
    await target.checkFence();
    await updateServiceAccount(admin, secret.login, { enabled: false });
  },

  async remove(target, login) {
    const { user } = readAccount(target, Account);
    if (login === user) return;
    const admin = await adminOf(target);
    const found = await findServiceAccount(admin, login);
    if (found === undefined) return;
    if (found.user !== user) throw loginTaken(login, user);
    if (found.enabled) throw stillEnabled(login);
    await target.checkFence();
    await deleteServiceAccount(admin, login);
  },
};

/** An answer that was lost, a key that was retired, or one that somebody else made. */
async function setExisting(target: CredentialTarget, admin: Admin, secret: LoginSecret) {
  const { user } = readAccount(target, Account);
  const found = await findServiceAccount(admin, secret.login);
  if (found?.user !== user) throw loginTaken(secret.login, user);
  if (found.enabled && target.strategy !== 'single') {
    if ((await accessKey.holds(target, secret)) !== 'this') throw foreign(secret.login);
  }
  await target.checkFence();
  return updateServiceAccount(admin, secret.login, { enabled: true, value: secret.value });
}

async function adminOf(target: CredentialTarget): Promise<Admin> {
  const { user, admin } = readAccount(target, Account);
  const secret = await target.secret(admin);
  if (secret.login === user) throw administersItself(user);
  return { endpoint: await memberEndpoint(target), secret };
}

const administersItself = (user: string) =>
  refuse(
    'RB_ACCOUNT_INVALID',
    `${user} is the administrator of MinIO, and no application's user`,
    'an access key below it could do everything, and MinIO has lost such keys when its root user changed',
    'make a user with a policy of its own for the application, and name it as `account.user`',
  );

const loginTaken = (login: string, user: string) =>
  refuse(
    'RB_ACCOUNT_TAKEN',
    `MinIO has another account of the name ${login}`,
    `it is no access key of the user ${user}`,
    'remove or rename that account, then retry',
  );

const foreign = (login: string) =>
  refuse(
    'RB_SECRET_FOREIGN',
    `the access key ${login} has another secret than the store`,
    'somebody changed it, or the store was lost and made anew',
    'see who uses it; remove the access key in MinIO, then retry',
  );

const stillEnabled = (login: string) =>
  refuse(
    'RB_SECRET_FOREIGN',
    `the access key ${login} is not removed`,
    'it was enabled again since it was retired',
    'see who uses it, then start a new rotation',
  );
