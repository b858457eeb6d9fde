import { z } from 'zod';
import { RunbookError } from '../../shared/errors.ts';

const Build = z.looseObject({
  context: z.string().default('.'),
  dockerfile: z.string().optional(),
  dockerfile_inline: z.string().optional(),
  target: z.string().optional(),
  args: z.record(z.string(), z.unknown()).optional(),
  additional_contexts: z.record(z.string(), z.string()).optional(),
});
export type ComposeBuild = z.infer<typeof Build>;

const Service = z.looseObject({
  image: z.string().optional(),
  build: Build.optional(),
  depends_on: z.record(z.string(), z.looseObject({ condition: z.string().optional() })).default({}),
  scale: z.int().optional(),
  deploy: z.looseObject({ replicas: z.int().optional() }).nullish(),
  networks: z.record(z.string(), z.unknown()).nullish(),
  container_name: z.string().optional(),
});
export type ComposeService = z.infer<typeof Service>;

const Config = z.looseObject({
  name: z.string(),
  services: z.record(z.string(), Service).default({}),
  networks: z
    .record(z.string(), z.looseObject({ name: z.string(), external: z.boolean().optional() }))
    .default({}),
});

/** What the project reads of a resolved Compose configuration; the rest passes through. */
export type ComposeConfig = z.infer<typeof Config>;

export function parseComposeConfig(text: string): ComposeConfig {
  const parsed = Config.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new RunbookError('RB_COMPOSE_UNREADABLE', 'the resolved configuration is not as expected', {
    why: z.prettifyError(parsed.error),
    fix: 'use Docker Compose 2.20 or newer',
    retry: 'never',
  });
}

/** The name under which Compose looks for a service's image. */
export function imageOf(config: ComposeConfig, service: string): string {
  return config.services[service]?.image ?? `${config.name}-${service}`;
}

/** How many containers a service has. */
export function replicasOf(service: ComposeService): number {
  return service.scale ?? service.deploy?.replicas ?? 1;
}

/** The names of the networks that a service needs and that Compose makes. */
export function networksOf(config: ComposeConfig, service: string): readonly string[] {
  const keys = Object.keys(config.services[service]?.networks ?? {});
  return keys.flatMap((key) => {
    const network = config.networks[key];
    return network === undefined || network.external ? [] : [network.name];
  });
}
