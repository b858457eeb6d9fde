import type { z } from 'zod';
import { refuse } from '../../../../shared/errors.ts';
import { checkAgainst, formatPath } from '../../../../shared/problems.ts';
import type { CredentialTarget } from '../../credentials.ts';

/** What the platform file says of an account, with the defaults of its type. */
export function readAccount<S extends z.ZodObject>(
  { account, service }: Pick<CredentialTarget, 'account'> & { readonly service?: { name: string } },
  schema: S,
): z.infer<S> {
  const checked = checkAgainst(schema, account);
  if ('value' in checked) return checked.value as z.infer<S>;
  throw refuse(
    'RB_ACCOUNT_INVALID',
    `an account${service === undefined ? '' : ` of ${service.name}`} is described wrongly`,
    checked.problems
      .map(({ path, text }) => `${formatPath(['account', ...path])}: ${text}`)
      .join('\n'),
    'correct the account of the secret in the platform file',
  );
}
