import { z } from 'zod';
import { refuse } from '../../../shared/errors.ts';
import { checkAgainst, formatPath } from '../../../shared/problems.ts';
import type { CredentialTarget } from '../credentials.ts';

/** Names of users that need no quoting anywhere; MinIO itself reserves `=` and `,`. */
export const UserName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._@+-]{2,127}$/, {
  error: ({ input }) =>
    `expected a name of 3 to 128 letters, digits, ".", "_", "@", "+" or "-", got ${JSON.stringify(input)}`,
});

export const Bucket = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, {
  error: ({ input }) => `expected the name of a bucket, got ${JSON.stringify(input)}`,
});

/** The one that the server was given; every one is right while it was given none. */
export const Region = z
  .string()
  .regex(/^[a-z0-9-]{1,40}$/, { error: 'expected a region such as us-east-1' })
  .default('us-east-1');

/** What the platform file says of an account, checked before any of it is sent anywhere. */
export function readAccount<T>(
  { account }: Pick<CredentialTarget, 'account'>,
  schema: z.ZodType<T>,
): T {
  const checked = checkAgainst(schema, account);
  if ('value' in checked) return checked.value;
  throw refuse(
    'RB_ACCOUNT_INVALID',
    'an account of MinIO is described wrongly',
    checked.problems
      .map(({ path, text }) => `${formatPath(['account', ...path])}: ${text}`)
      .join('\n'),
    'correct the `account` of the secret in the platform file, then start a new run',
  );
}
