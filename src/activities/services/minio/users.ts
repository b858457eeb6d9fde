import { z } from 'zod';
import { type Admin, askAdmin } from './admin.ts';
import { userUnknown } from './refusals.ts';
import type { SignedAnswer } from './signed-request.ts';

export const isUserUnknown = ({ code }: SignedAnswer) => code === 'XMinioAdminNoSuchUser';

/** A user's own secret; policies, groups and access keys of the user stay. */
export async function setUserSecret(
  admin: Admin,
  user: string,
  value: string,
  beforeEffect: () => Promise<void>,
): Promise<{ at: string }> {
  const status = await statusOf(admin, user);
  await beforeEffect();
  const { at } = await askAdmin(admin, {
    ...{ method: 'PUT', verb: 'add-user', query: { accessKey: user } },
    // Whoever disabled the user, keeps it disabled.
    body: { secretKey: value, status },
  });
  return { at };
}

/** MinIO would make a user that it does not know, without any right. */
async function statusOf(admin: Admin, user: string): Promise<string> {
  const query = { accessKey: user };
  const answer = await askAdmin(admin, { method: 'GET', verb: 'user-info', query }, isUserUnknown);
  if (isUserUnknown(answer)) throw userUnknown(user);
  return z.object({ status: z.string() }).parse(JSON.parse(answer.body.toString('utf8'))).status;
}
