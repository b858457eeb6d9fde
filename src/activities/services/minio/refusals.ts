import { refuse } from '../../../shared/errors.ts';

export const administersItself = (user: string) =>
  refuse(
    'RB_ACCOUNT_INVALID',
    `${user} is the administrator of MinIO, and no application's user`,
    'an access key below it could do everything, and MinIO has lost such keys when its root user changed',
    'make a user with a policy of its own for the application, and name it as `account.user`',
  );

export const accountTaken = (login: string, user: string) =>
  refuse(
    'RB_ACCOUNT_TAKEN',
    `MinIO has another account of the name ${login}`,
    `it is no access key of the user ${user}`,
    'remove or rename that account, then retry',
  );

export const foreign = (login: string) =>
  refuse(
    'RB_SECRET_FOREIGN',
    `the access key ${login} has another secret than the store`,
    'somebody changed it, or the store was lost and made anew',
    'see who uses it; remove the access key in MinIO, then retry',
  );

export const stillEnabled = (login: string) =>
  refuse(
    'RB_SECRET_FOREIGN',
    `the access key ${login} is not removed`,
    'it was enabled again since it was retired',
    'see who uses it, then start a new rotation',
  );

export const userUnknown = (user: string) =>
  refuse(
    'RB_ACCOUNT_UNKNOWN',
    `MinIO has no user ${user}`,
    'the platform file names it as the owner of an access key',
    'correct `account.user` of the secret, or make the user',
  );
