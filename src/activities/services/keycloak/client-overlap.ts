import { z } from 'zod';
import { refuse } from '../../../shared/errors.ts';
import type { AdminApi, Client } from './admin-api.ts';

/** Where Keycloak's preview feature client-secret-rotation keeps a client's former secret and the times of both. */
const attribute = {
  expiresAt: 'client.secret.expiration.time',
  former: 'client.secret.rotated',
  formerSince: 'client.secret.rotated.creation.time',
  formerUntil: 'client.secret.rotated.expiration.time',
} as const;

const feature = 'CLIENT_SECRET_ROTATION';
const executor = 'secret-rotation';
const periodKey = 'rotated-expiration-period';
/** Keycloak's own when a profile names none: two days. */
const defaultPeriodSeconds = 172_800;

const nowSeconds = () => Math.floor(Date.now() / 1000);

/** The former secret while Keycloak still accepts it. */
export function formerSecret({ attributes }: Client): string | undefined {
  const until = Number(attributes[attribute.formerUntil] ?? 0);
  return until > nowSeconds() ? attributes[attribute.former] : undefined;
}

/** Its policy begins anew. A secret that has expired would be replaced by one of Keycloak's at any update. */
export const withFreshExpiry = (client: Client): Client => ({
  ...client,
  attributes: { ...client.attributes, [attribute.expiresAt]: '' },
});

/** Only an update that the rotation policy has seen leaves this behind. */
export const hasExpiry = ({ attributes }: Client): boolean =>
  Number(attributes[attribute.expiresAt] ?? 0) > nowSeconds();

/** A new secret beside the one that is in force: one update, so nothing lies in between. */
export const withNewSecret = (client: Client, value: string, overlapSeconds: number): Client => ({
  ...client,
  secret: value,
  attributes: {
    ...client.attributes,
    [attribute.former]: client.secret ?? '',
    [attribute.formerSince]: String(nowSeconds()),
    [attribute.formerUntil]: String(nowSeconds() + overlapSeconds),
  },
});

/** The former secret in force again, alone. */
export const withFormerSecret = (client: Client, former: string): Client => ({
  ...client,
  secret: former,
  attributes: {
    ...client.attributes,
    [attribute.former]: '',
    [attribute.formerSince]: '',
    [attribute.formerUntil]: '',
  },
});

const Profiles = z.object({
  profiles: z.array(
    z.object({
      name: z.string(),
      executors: z
        .array(
          z.object({
            executor: z.string(),
            configuration: z.record(z.string(), z.unknown()).default({}),
          }),
        )
        .default([]),
    }),
  ),
});

const Policies = z.object({
  policies: z.array(
    z.object({ enabled: z.boolean().default(false), profiles: z.array(z.string()).default([]) }),
  ),
});

/** How long the realm lets a former secret live. Refuses when nothing in the realm lets two overlap. */
export async function overlapSeconds(api: AdminApi, clientId: string): Promise<number> {
  const { policies } = await api.readPolicies('policies', Policies);
  const { profiles } = await api.readPolicies('profiles', Profiles);
  const inForce = new Set(
    policies.filter(({ enabled }) => enabled).flatMap((policy) => policy.profiles),
  );
  const periods = profiles
    .filter(({ name }) => inForce.has(name))
    .flatMap(({ executors }) => executors)
    .filter((one) => one.executor === executor)
    .map(({ configuration }) => Number(configuration[periodKey] ?? defaultPeriodSeconds));
  const least = Math.min(...periods);
  if (periods.length > 0 && least > 0) return least;
  throw await noOverlap(api, clientId);
}

/** Says which of the two that it takes is not there. */
export async function noOverlap(api: AdminApi, clientId: string) {
  const isOn = await api.hasFeature(feature);
  return refuse(
    'RB_CREDENTIAL_STRATEGY',
    `the client ${clientId} cannot have two secrets at once`,
    isOn === false
      ? "Keycloak's preview feature client-secret-rotation is off"
      : `no client policy with the executor ${executor}, and a ${periodKey} above 0, applies to it`,
    isOn === false
      ? 'let the credential be `single`, or build Keycloak with `--features=client-secret-rotation` and add a client policy'
      : 'let the credential be `single`, or add such a policy to the realm',
  );
}
