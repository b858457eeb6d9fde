import type { Credential } from '../credential-schema.ts';
import { firstLogin } from '../first-login.ts';
import type { MigratedAccount, MigratedSecret, Migration, Move } from './migration.ts';
import type { ToldAccount, VariableAccount } from './variable-account.ts';

type Known = { readonly credential?: Pick<Credential, 'service' | 'account'> | undefined };

export interface AccountFacts {
  /** What a variable of a compose service opens; undefined for one of an image that nobody knows. */
  opens(service: string, variable: string): ToldAccount | undefined;
  /** Whether a compose service ends when it has done its work, and so reads its files at its own start. */
  finishes(service: string): boolean;
  /** The service of the platform that a compose service is a member of. */
  serviceOf(service: string): string | undefined;
  /** What the file says of secrets already. */
  readonly items: Readonly<Record<string, Known>>;
  /** What is wrong with an account, by who would check it in a file. */
  problem(account: MigratedAccount): string | undefined;
}

/** Says of each secret what it opens and how its readers take another value, or why it is not to be rotated. */
export function describeAccounts(migration: Migration, facts: AccountFacts): Migration {
  const told = migration.secrets.map((secret): MigratedSecret => {
    const account = tell(secret, migration.moves, facts);
    if (account === undefined) return secret;
    if ('why' in account) return { ...secret, notRotated: account.why };
    return { ...secret, credential: account };
  });
  const doors = new Map<string, string>();
  for (const [name, { credential }] of Object.entries(facts.items)) {
    if (credential !== undefined) doors.set(name, doorOf(credential));
  }
  for (const { name, credential } of told) {
    if (credential !== undefined) doors.set(name, doorOf(credential));
  }
  return {
    ...migration,
    secrets: told.map((secret) => alone(secret, doors)),
    moves: migration.moves.map((move) => ({ ...move, ...takes(move, facts) })),
  };
}

/** Another secret that opens the same, or may do so, would be left behind with a value that is refused. */
function alone(secret: MigratedSecret, doors: ReadonlyMap<string, string>): MigratedSecret {
  const { credential: _, ...bare } = secret;
  const door = doors.get(secret.name);
  if (door === undefined || secret.notRotated !== undefined) return secret;
  const same = [...doors].find(([name, other]) => name !== secret.name && other === door)?.[0];
  if (same !== undefined) return { ...bare, notRotated: `${same} opens ${door} as well` };
  const twin = secret.twins?.find((name) => !doors.has(name));
  if (twin === undefined) return secret;
  return { ...bare, notRotated: `${twin} has the same value, and nobody knows what it opens` };
}

/** Nothing for a secret that the file describes already. */
function tell(
  { name, left }: MigratedSecret,
  moves: readonly Move[],
  facts: AccountFacts,
): MigratedAccount | { readonly why: string } | undefined {
  const [stays] = left;
  if (stays !== undefined) return { why: `${stays.what} keeps its value (${stays.place})` };
  const item = facts.items[name];
  if (item !== undefined) {
    if (item.credential !== undefined) return undefined;
    return { why: 'the platform file has it, and does not say what it opens' };
  }
  const readers = moves.filter(({ secret }) => secret === name);
  const own: MigratedAccount[] = [];
  const others: MigratedAccount[] = [];
  for (const { service, variable } of readers) {
    const told = facts.opens(service, variable);
    if (told === undefined) continue;
    const account = 'unknown' in told ? told : placed(told, service, facts);
    if ('unknown' in account) return { why: `${service}/${variable}: ${account.unknown}` };
    ('at' in told ? others : own).push(account);
  }
  // What a service says of its own account comes before what others say of it.
  const accounts = [...own, ...others];
  const [account] = accounts;
  if (account === undefined) {
    const names = readers.map(({ service, variable }) => `${service}/${variable}`);
    return { why: `nobody knows what ${names.join(' and ')} opens` };
  }
  const other = accounts.find((one) => doorOf(one) !== doorOf(account));
  if (other !== undefined) return { why: `it opens ${doorOf(account)} and ${doorOf(other)}` };
  const problem = facts.problem(account);
  return problem === undefined ? account : { why: problem };
}

function placed(
  { type, account, at }: VariableAccount,
  reader: string,
  facts: AccountFacts,
): MigratedAccount | { readonly unknown: string } {
  const hosts = at?.map((place) => place.split(':', 1)[0] ?? '') ?? [reader];
  const [service, ...others] = new Set(hosts.map((host) => facts.serviceOf(host)));
  if (service === undefined || others.length > 0)
    return { unknown: `${hosts.join(', ')} is no service of the platform` };
  const [route, ...routes] = at ?? [];
  // With several the service itself says which of them takes writes.
  const isRouted = route !== undefined && routes.length === 0;
  return { service, type, account, ...(isRouted ? { route } : {}) };
}

/** What a rotation changes: two secrets of one account would take its password from each other. */
const doorOf = ({ service, account }: Pick<MigratedAccount, 'service' | 'account'>): string =>
  `${firstLogin({ credential: { account } })} of ${service}`;

function takes({ service, variable }: Move, facts: AccountFacts): Pick<Move, 'takes'> {
  const told = facts.opens(service, variable);
  const isOnce = told === undefined || 'unknown' in told ? false : told.takes === 'start';
  return isOnce || facts.finishes(service) ? { takes: 'start' } : {};
}
