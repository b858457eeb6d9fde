import type { SecretEvent } from '../../shared/secret-history.ts';
import type { OpenedCredential } from './open-credential.ts';

/**
 * Writes down what happened to a version of a secret; the same of the same run stands there once. What stands there
 * decides about the way back, so only the attempt whose turn it is may write.
 */
export async function note(
  { store, secret, opened }: OpenedCredential,
  version: string,
  event: SecretEvent['event'],
  facts?: SecretEvent['facts'],
): Promise<void> {
  await opened.attempt.checkFence();
  await store.note(secret, {
    ...{ at: new Date().toISOString(), version, event, run: opened.attempt.ctx.run },
    ...(facts === undefined ? {} : { facts }),
  });
}

/** The newest entry of an event of a version. */
export async function noted(
  { store, secret }: OpenedCredential,
  version: string,
  event: SecretEvent['event'],
  consumer?: string,
): Promise<SecretEvent | undefined> {
  const events = await store.journal(secret);
  return events.findLast(
    (entry) =>
      entry.version === version &&
      entry.event === event &&
      (consumer === undefined || entry.facts?.consumer === consumer),
  );
}
