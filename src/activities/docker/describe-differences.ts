import { isDeepStrictEqual } from 'node:util';
import { cutName, nameList } from '../../shared/name-list.ts';
import { type ComposeConfig, imageOf } from './compose-model.ts';

/** Compose leaves these out of the hash by which it decides to recreate a container. */
const notHashed = ['build', 'depends_on', 'profiles', 'pull_policy', 'scale', 'image'];

/** Settings with names within, in the order in which they are told. */
const named = {
  environment: 'environment',
  volumes: 'mounts',
  ports: 'ports',
  labels: 'labels',
  networks: 'networks',
  secrets: 'secrets',
  configs: 'configs',
} as const;
type Named = keyof typeof named;

const limitKeys = /^(cpus?|cpu_.*|mem_.*|memswap_limit|pids_limit|ulimits|shm_size|oom_.*)$/;
const referenceLength = 120;

type Entries = ReadonlyMap<string, unknown>;
type Settings = Readonly<Record<string, unknown>>;

/** Applied to each name before it is cut: a list takes a value for a name. */
type Redact = (name: string) => string;

/**
 * What differs between two configurations of one compose service, one part a setting: images by reference, settings
 * with names by those names, everything else by the setting's own. Never a value: a command or a variable may hold a
 * secret.
 */
export function describeDifferences(
  before: ComposeConfig,
  after: ComposeConfig,
  service: string,
  redact: Redact,
): readonly string[] {
  const [then, now] = [settingsOf(before, service), settingsOf(after, service)];
  const names = Object.keys(named) as Named[];
  const withNames = names.flatMap((key) => {
    const changes = nameChanges(entriesOf(before, then, key), entriesOf(after, now, key), redact);
    return changes === '' ? [] : [`${named[key]} (${changes})`];
  });
  const others = [...new Set([...Object.keys(then), ...Object.keys(now)])]
    .filter((key) => !(key in named) && !notHashed.includes(key))
    .filter((key) => !isSame(then[key], now[key]))
    .flatMap((key) => (key === 'deploy' ? deployChanges(then[key], now[key]) : [otherWord(key)]));
  return [
    ...imageChange(imageOf(before, service), imageOf(after, service), redact),
    ...withNames,
    ...(others.length === 0 ? [] : [listed([...new Set(others)], redact)]),
  ];
}

/** `image shop:1 → shop:2`; nothing when the reference is the same. */
export function imageChange(before: string, after: string, redact: Redact): readonly string[] {
  if (before === after) return [];
  const [then, now] = [before, after].map((reference) =>
    cutName(redact(reference).replace(/(sha256:[0-9a-f]{12})[0-9a-f]+/, '$1'), referenceLength),
  );
  return [`image ${then} → ${now}`];
}

const listed = (names: readonly string[], redact: Redact) =>
  nameList([...names].sort().map(redact));

const settingsOf = (config: ComposeConfig, service: string): Settings =>
  config.services[service] ?? {};

/** A setting by its names, each with all that belongs to it. */
function entriesOf(config: ComposeConfig, settings: Settings, key: Named): Entries {
  const value = settings[key];
  if (!Array.isArray(value)) return new Map(Object.entries((value as Settings | null) ?? {}));
  return new Map(
    value.map((entry: string | Settings) => {
      const definition = typeof entry === 'string' ? undefined : definitionOf(config, key, entry);
      return [nameOf(key, entry), { entry, definition }];
    }),
  );
}

function nameOf(key: Named, entry: string | Settings): string {
  if (typeof entry === 'string') return entry;
  if (key === 'ports') {
    const { host_ip: address, published, target, protocol } = entry;
    const udp = protocol === undefined || protocol === 'tcp' ? '' : `/${protocol}`;
    return `${[address, published, target].filter(Boolean).join(':')}${udp}`;
  }
  return String((key === 'volumes' ? entry.target : entry.source) ?? '');
}

/** What a volume, secret or config is, which a service names only. */
const definitionOf = (config: ComposeConfig, key: Named, { source }: Settings): unknown =>
  (config[key] as Settings | undefined)?.[String(source)];

function nameChanges(before: Entries, after: Entries, redact: Redact): string {
  const added = [...after.keys()].filter((name) => !before.has(name));
  const removed = [...before.keys()].filter((name) => !after.has(name));
  const changed = [...after.keys()].filter(
    (name) => before.has(name) && !isSame(before.get(name), after.get(name)),
  );
  return Object.entries({ added, changed, removed })
    .filter(([, names]) => names.length > 0)
    .map(([verb, names]) => `${verb} ${listed(names, redact)}`)
    .join('; ');
}

/** How many containers there are is told elsewhere. */
function deployChanges(before: unknown, after: unknown): readonly string[] {
  const [then, now] = [before, after].map((value) => ({ ...(value as Settings | null) }));
  const keys = new Set([...Object.keys(then ?? {}), ...Object.keys(now ?? {})]);
  keys.delete('replicas');
  return [...keys]
    .filter((key) => !isSame(then?.[key], now?.[key]))
    .map((key) => (key === 'resources' ? 'limits' : `deploy ${otherWord(key)}`));
}

const otherWord = (key: string) => (limitKeys.test(key) ? 'limits' : key.replaceAll('_', ' '));

/** Nothing, null and an empty list say the same. */
const isSame = (before: unknown, after: unknown) =>
  isDeepStrictEqual(before, after) || (isNothing(before) && isNothing(after));

const isNothing = (value: unknown) =>
  value === undefined ||
  value === null ||
  (typeof value === 'object' && Object.keys(value).length === 0);
