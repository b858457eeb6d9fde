import { createHmac, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ContainerInspectInfo } from 'dockerode';
import { secretVariables } from '../../shared/environment/variables.ts';
import { errorFacts } from '../../shared/errors.ts';
import type { Platform, PlatformFile } from '../../shared/platform-file.ts';
import { inventoryOf, type SecretInventory } from '../../shared/secrets/inventory.ts';
import {
  type SeenContainer,
  type SeenProject,
  type Sighting,
  sightCredentials,
} from '../../shared/secrets/sight-credentials.ts';
import { readComposeTexts } from '../compose-texts.ts';
import { readTextIfExists } from '../files.ts';
import { openPlatformStore } from '../secrets/store.ts';
import { kinds } from '../services/registry.ts';
import type { Machine } from './machine.ts';
import { readSeenFiles } from './seen-files.ts';

export interface SecretsRequest {
  readonly project: string;
  /** Absolute; the folder that the other paths start from. */
  readonly directory: string;
  readonly composeFiles: readonly string[];
  readonly envFile: string;
  readonly hasContainers: boolean;
  /** What the platform file says; nothing for a project that has none. */
  readonly declared?: PlatformFile;
  /** The day that counts for waivers, `2027-01-31`. */
  readonly today: string;
}

export interface SightedProject {
  readonly seen: SeenProject;
  readonly sightings: readonly Sighting[];
  readonly doubts: readonly string[];
}

/** Every credential that the files and containers of a project show, with its value. Only reads. */
export async function sightProject(
  machine: Pick<Machine, 'inspect'>,
  request: SecretsRequest,
): Promise<SightedProject> {
  const { directory, envFile, declared } = request;
  const { files: composeFiles } = await readComposeTexts(directory, request.composeFiles);
  const environment = await readTextIfExists(join(directory, envFile));
  const envText = environment === undefined ? undefined : { name: envFile, text: environment };
  const secrets = declared && join(directory, declared.secrets.directory);
  const { doubts, ...files } = await readSeenFiles({
    ...{ directory, composeFiles, secrets },
    envFile: envText,
  });
  const inspected = request.hasContainers ? await machine.inspect(request.project) : [];
  const seen = {
    composeFiles,
    envFile: envText,
    ...files,
    containers: inspected.map(seeContainer),
  };
  return { seen, sightings: sightCredentials(seen), doubts };
}

/** The inventory of a project's credentials; their values end here. */
export async function discoverSecrets(
  machine: Pick<Machine, 'inspect'>,
  request: SecretsRequest,
): Promise<SecretInventory> {
  const { sightings, doubts: unseen } = await sightProject(machine, request);
  const { declared, directory, today } = request;
  const store = declared && join(directory, declared.secrets.directory, 'store');
  const { items, doubts } = await itemValues(declared && { ...declared, directory });
  const key = await fingerprintKey(store);
  const inventory = inventoryOf(sightings, {
    variables: new Set(secretVariables(declared?.environment.variables ?? {})),
    waivers: declared?.secrets.waivers ?? [],
    today,
    isHarmless: (name) => kinds.some(({ notSecret }) => notSecret?.test(name) ?? false),
    itemOf: (value) => items.get(value),
    fingerprint: (value) => createHmac('sha256', key).update(value).digest('hex').slice(0, 16),
  });
  return {
    schema: 'runbook.secret-inventory/v1',
    project: request.project,
    ...inventory,
    doubts: [...unseen, ...doubts],
  };
}

interface ItemValues {
  /** Present values of secret items to their names. */
  readonly items: ReadonlyMap<string, string>;
  readonly doubts: readonly string[];
}

/** Whoever asks may not be able to open an encrypted store: copies of what it holds are not told as such then. */
async function itemValues(platform: Platform | undefined): Promise<ItemValues> {
  const items = new Map<string, string>();
  if (platform === undefined) return { items, doubts: [] };
  try {
    const store = openPlatformStore(platform);
    for (const name of Object.keys(platform.secrets.items)) {
      const current = await store.readCurrent(name);
      if (current) items.set(current.value, name);
    }
    return { items, doubts: [] };
  } catch (error) {
    const { code, what } = errorFacts(error);
    if (code === 'RB_UNEXPECTED') throw error;
    return { items, doubts: [`the store of secrets was not compared: ${what}`] };
  }
}

/** The store's key, so that fingerprints can be compared with its own; one of the moment where there is no store. */
async function fingerprintKey(store: string | undefined): Promise<string> {
  const known = store && (await readTextIfExists(join(store, '.fingerprint-key')));
  return known || randomBytes(32).toString('hex');
}

function seeContainer({ Config }: ContainerInspectInfo): SeenContainer {
  const words = (given: string | readonly string[] | null | undefined) =>
    typeof given === 'string' ? [given] : (given ?? []);
  return {
    service: Config.Labels['com.docker.compose.service'] ?? Config.Hostname,
    variables: (Config.Env ?? []).map((text) => {
      const at = text.indexOf('=');
      return [text.slice(0, at), text.slice(at + 1)] as const;
    }),
    words: [...words(Config.Entrypoint), ...words(Config.Cmd), ...words(Config.Healthcheck?.Test)],
  };
}
