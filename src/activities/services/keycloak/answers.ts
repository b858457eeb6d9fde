import { z } from 'zod';
import { RunbookError, refuse } from '../../../shared/errors.ts';
import type { KeycloakAnswer } from './http.ts';

/** How Keycloak says no: the token endpoint with the first two, the admin API with any of them. */
const Refusal = z.object({
  error: z.string().default(''),
  error_description: z.string().default(''),
  errorMessage: z.string().default(''),
});

export interface RefusalWords {
  /** `invalid_grant`, `unauthorized_client`; empty when the answer has none. */
  readonly error: string;
  /** Keycloak's own sentence; empty when there is none. */
  readonly description: string;
  /** One line for people, with the status. */
  readonly words: string;
}

export function refusalOf({ status, body }: KeycloakAnswer): RefusalWords {
  const { error, error_description, errorMessage } = Refusal.parse(
    Refusal.safeParse(body).data ?? {},
  );
  const description = (error_description || errorMessage).slice(0, 200);
  const said = [error.slice(0, 100), description].filter(Boolean).join(': ');
  return { error, description, words: said === '' ? `HTTP ${status}` : `HTTP ${status} ${said}` };
}

/** The answer's body as it has to be; anything else is a Keycloak that this code does not know. */
export function bodyOf<T>(answer: KeycloakAnswer, schema: z.ZodType<T>, what: string): T {
  const checked = answer.status === 200 ? schema.safeParse(answer.body) : undefined;
  if (checked?.success) return checked.data;
  throw unexpected(answer, what);
}

export const unexpected = (answer: KeycloakAnswer, what: string) =>
  new RunbookError('RB_CREDENTIAL_ANSWER', `Keycloak answers otherwise than expected: ${what}`, {
    why: refusalOf(answer).words,
    fix: "see Keycloak's log; this code was tried with 26.7",
  });

export const noAccount = (what: string, why: string) =>
  refuse(
    'RB_CREDENTIAL_ACCOUNT',
    what,
    why,
    "correct the credential's `account` in the platform file, or the account in Keycloak",
  );
