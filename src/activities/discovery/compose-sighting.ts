import { z } from 'zod';
import { RunbookError } from '../../shared/errors.ts';
import type { Appearance } from '../services/recognition.ts';
import { checkWords } from './container-sighting.ts';

const Words = z.union([z.string(), z.array(z.string())]).nullish();
const Port = z.union([
  z.string(),
  z.number(),
  z.looseObject({ target: z.union([z.string(), z.number()]).optional() }),
]);
const Mount = z.union([z.string(), z.looseObject({ target: z.string().optional() })]);

const Service = z.looseObject({
  image: z.string().optional(),
  entrypoint: Words,
  command: Words,
  environment: z.union([z.array(z.string()), z.record(z.string(), z.unknown())]).nullish(),
  ports: z.array(Port).default([]),
  expose: z.array(z.union([z.string(), z.number()])).default([]),
  volumes: z.array(Mount).default([]),
  healthcheck: z
    .looseObject({
      test: Words,
      interval: z.string().optional(),
      timeout: z.string().optional(),
      start_period: z.string().optional(),
      retries: z.coerce.number().optional(),
    })
    .nullish(),
  depends_on: z
    .union([
      z.array(z.string()),
      z.record(z.string(), z.looseObject({ condition: z.string().optional() })),
    ])
    .default({}),
  profiles: z.array(z.string()).default([]),
  restart: z.string().optional(),
});

const Config = z.looseObject({ services: z.record(z.string(), Service).default({}) });

/** What the compose files show of one service, without the values of its variables. */
export interface ComposeSighting extends Appearance {
  readonly service: string;
  /** How long its health check may take to succeed; undefined without one. */
  readonly startMs: number | undefined;
  /** Compose service to the condition that it waits for. */
  readonly waitsFor: Readonly<Record<string, string>>;
  readonly profiles: readonly string[];
  readonly restartsOnSuccess: boolean;
}

/** The services of a configuration as Compose prints it, filled in or not. */
export function sightConfig(text: string, project: string): readonly ComposeSighting[] {
  const parsed = Config.safeParse(JSON.parse(text));
  if (parsed.success) {
    return Object.entries(parsed.data.services).map(([name, service]) => ({
      service: name,
      image: service.image ?? `${project}-${name}`,
      words: [...wordsOf(service.entrypoint), ...wordsOf(service.command)],
      variables: namesOf(service.environment),
      ports: [...service.ports, ...service.expose].flatMap(containerPort),
      mounts: service.volumes.flatMap(mountPoint),
      healthCheck: checkOf(service.healthcheck),
      startMs: startTime(service.healthcheck),
      waitsFor: conditionsOf(service.depends_on),
      profiles: service.profiles,
      restartsOnSuccess: ['always', 'unless-stopped'].includes(service.restart ?? ''),
    }));
  }
  throw new RunbookError('RB_COMPOSE_UNREADABLE', 'the resolved configuration is not as expected', {
    why: z.prettifyError(parsed.error),
    fix: 'use Docker Compose 2.20 or newer',
    retry: 'never',
  });
}

type Parsed = z.infer<typeof Service>;

const wordsOf = (given: Parsed['command']): readonly string[] =>
  typeof given === 'string' ? given.split(/\s+/) : (given ?? []);

function namesOf(environment: Parsed['environment']): readonly string[] {
  if (!Array.isArray(environment)) return Object.keys(environment ?? {});
  return environment.map((line) => line.split('=', 1)[0] ?? '');
}

/** Long, short (`127.0.0.1:80:8080/tcp`), or with a variable in it that has not been filled in. */
function containerPort(port: z.infer<typeof Port>): readonly number[] {
  const target = typeof port === 'object' ? port.target : port;
  const [number, protocol = 'tcp'] = String(target).split(':').at(-1)?.split('/') ?? [];
  return protocol === 'tcp' && Number(number) > 0 ? [Number(number)] : [];
}

function mountPoint(mount: z.infer<typeof Mount>): readonly string[] {
  if (typeof mount !== 'string') return mount.target === undefined ? [] : [mount.target];
  const folder = mount.split(':').find((part, index) => index > 0 && part.startsWith('/'));
  return folder === undefined ? [] : [folder];
}

function checkOf(check: Parsed['healthcheck']): readonly string[] {
  const test = check?.test;
  return typeof test === 'string' ? [test] : checkWords(test ?? []);
}

function conditionsOf(dependsOn: Parsed['depends_on']): Readonly<Record<string, string>> {
  const started = 'service_started';
  if (Array.isArray(dependsOn)) return Object.fromEntries(dependsOn.map((name) => [name, started]));
  return Object.fromEntries(
    Object.entries(dependsOn).map(([name, { condition = started }]) => [name, condition]),
  );
}

/** Docker's defaults where the file says nothing. */
function startTime(check: Parsed['healthcheck']): number | undefined {
  if (checkOf(check).length === 0 || !check) return undefined;
  const { interval = '30s', timeout = '30s', start_period = '0s', retries = 3 } = check;
  return goDuration(start_period) + retries * (goDuration(interval) + goDuration(timeout));
}

/** `1m30s` as Compose writes durations; what cannot be read counts nothing. */
function goDuration(text: string): number {
  const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce(
    (sum, [, amount, unit = '']) => sum + Number(amount) * (unitsMs[unit] ?? 0),
    0,
  );
}
