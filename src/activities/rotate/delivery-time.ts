import { stat } from 'node:fs/promises';
import { deliveriesOf } from '../secrets/deliveries.ts';
import { noted } from './journal.ts';
import type { OpenedCredential } from './open-credential.ts';

/** When the file appeared under its name, by this host's clock; 0 when nothing is delivered to the consumer. */
export async function deliveredAtMs(
  { opened, secret }: OpenedCredential,
  consumer: string,
): Promise<number> {
  const delivery = deliveriesOf(opened.platform).find(
    (candidate) => candidate.secret === secret && candidate.consumer === consumer,
  );
  return delivery === undefined ? 0 : (await stat(delivery.path)).ctimeMs;
}

/**
 * When the service had the version, by its own clock, ISO 8601. A worker that died right after the set wrote no time
 * down; the files came after it, by a clock of this host. Undefined when nobody reads it either.
 */
export async function setAt(own: OpenedCredential, version: string): Promise<string | undefined> {
  const told = (await noted(own, version, 'set'))?.facts?.serviceTime;
  if (typeof told === 'string') return told;
  const times = await Promise.all(
    Object.keys(own.item.deliver).map((consumer) => deliveredAtMs(own, consumer)),
  );
  return times.length === 0 ? undefined : new Date(Math.min(...times)).toISOString();
}
