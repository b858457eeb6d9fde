import { z } from 'zod';
import type { LoginSecret } from '../credentials.ts';
import { type Admin, askAdmin, decrypted } from './admin.ts';
import { userUnknown } from './refusals.ts';
import type { SignedAnswer } from './signed-request.ts';
import { isUserUnknown } from './users.ts';

/** An access key of a user, which may all that the user may. */
export interface ServiceAccount {
  readonly user: string;
  readonly enabled: boolean;
}

const isUnknown = ({ code }: SignedAnswer) =>
  ['XMinioInvalidIAMCredentials', 'XMinioAdminServiceAccountNotFound'].includes(code);
/** MinIO denies to tell of a user what it tells of an access key. */
const isUser = ({ code, message }: SignedAnswer) =>
  code === 'AccessDenied' && message.includes('Authentication failed');
const isNone = (answer: SignedAnswer) => isUnknown(answer) || isUser(answer);
const isTaken = ({ code }: SignedAnswer) => code === 'XMinioIAMServiceAccountNotAllowed';

/** Makes one; `taken` when the name is that of a user or of an access key already. */
export async function addServiceAccount(
  admin: Admin,
  user: string,
  { login, value }: LoginSecret,
): Promise<{ at: string } | 'taken'> {
  const answer = await askAdmin(
    admin,
    {
      ...{ method: 'PUT', verb: 'add-service-account' },
      body: { targetUser: user, accessKey: login, secretKey: value, name: 'runbook' },
    },
    (refused) => isTaken(refused) || isUserUnknown(refused),
  );
  if (isUserUnknown(answer)) throw userUnknown(user);
  return isTaken(answer) ? 'taken' : { at: answer.at };
}

/** Undefined when there is none of that name; a user of that name is none. */
export async function findServiceAccount(
  admin: Admin,
  login: string,
): Promise<ServiceAccount | undefined> {
  const call = {
    method: 'GET',
    verb: 'info-service-account',
    query: { accessKey: login },
  } as const;
  const answer = await askAdmin(admin, call, isNone);
  if (isNone(answer)) return undefined;
  const info = Info.parse(JSON.parse(await decrypted(admin, answer)));
  return { user: info.parentUser, enabled: info.accountStatus === 'on' };
}

const Info = z.object({ parentUser: z.string(), accountStatus: z.string() });

/** Gives an access key its secret, and enables it. */
export async function setServiceAccount(
  admin: Admin,
  { login, value }: LoginSecret,
): Promise<{ at: string }> {
  const { at } = await update(admin, login, { newStatus: 'on', newSecretKey: value });
  return { at };
}

/** False when there is no access key of that name: it is a user, or nothing. */
export async function disableServiceAccount(admin: Admin, login: string): Promise<boolean> {
  return !isNone(await update(admin, login, { newStatus: 'off' }, isNone));
}

function update(
  admin: Admin,
  login: string,
  body: Readonly<Record<string, string>>,
  expected?: (answer: SignedAnswer) => boolean,
): Promise<SignedAnswer> {
  const query = { accessKey: login };
  const call = { method: 'POST', verb: 'update-service-account', query, body } as const;
  return askAdmin(admin, call, expected);
}

export async function deleteServiceAccount(admin: Admin, login: string): Promise<void> {
  const query = { accessKey: login };
  await askAdmin(admin, { method: 'DELETE', verb: 'delete-service-account', query }, isUnknown);
}
