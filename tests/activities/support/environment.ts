import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runAttempt } from '../../../src/activities/attempt.ts';
import {
  createEnvironmentActivities,
  type EnvironmentDependencies,
} from '../../../src/activities/environment.ts';
import { openPlatformStore } from '../../../src/activities/secrets/store.ts';
import type { Platform } from '../../../src/shared/platform-file.ts';
import { ownUid, temporaryPlatform } from '../secrets/platform.ts';
import { testAttempt, testContext } from '../test-attempt.ts';

type Activities = ReturnType<typeof createEnvironmentActivities>;
/** Called before each external effect with its number, from 1. */
type BeforeEffect = (effect: number) => Promise<void> | void;

export interface EnvironmentFixture {
  readonly platform: Platform;
  readonly log: string[];
  /** What Docker would say of the project's volumes. */
  volumes: string[];
  /** How many effects the last call had. */
  readonly effects: () => number;
  readonly verdict: () => ReturnType<Activities['environmentVerdict']>;
  readonly write: (before?: BeforeEffect) => ReturnType<Activities['writeEnvironment']>;
  readonly prospective: () => Promise<string>;
  readonly path: (name: string) => string;
  readonly text: (name: string) => Promise<string>;
  readonly put: (name: string, text: string) => Promise<void>;
  readonly password: () => Promise<string | undefined>;
}

const parts = {
  environment: {
    variables: {
      PORT: { description: 'The port', default: '80' },
      URL: { description: 'The URL', derive: `http://h:\${PORT}` },
      PASSWORD: { description: 'The password', secret: { length: 24 } },
    },
  },
  secrets: { items: { root: { description: 'd', deliver: { db: ownUid } } } },
};

/** A platform with three variables and a delivered secret, none of them there yet. */
export async function environmentFixture(
  deps: Partial<EnvironmentDependencies> = {},
): Promise<EnvironmentFixture> {
  const platform = await temporaryPlatform(parts);
  const path = (name: string) => join(platform.directory, name);
  await writeFile(path('compose.yaml'), 'services: {db: {image: x}, web: {image: y}}\n');
  const log: string[] = [];
  let effects = 0;
  const run = <T>(work: () => Promise<T>, before: BeforeEffect = () => {}) => {
    effects = 0;
    const attempt = testAttempt({
      log: (line) => void log.push(line),
      checkFence: async () => before(++effects),
      runDirectory: platform.directory,
      platform: async () => platform,
    });
    return runAttempt(attempt, work);
  };
  const self: EnvironmentFixture = {
    platform,
    log,
    volumes: [],
    effects: () => effects,
    verdict: () => run(() => activities.environmentVerdict(testContext, {})),
    write: (before) => run(() => activities.writeEnvironment(testContext, {}), before),
    prospective: async () => (await run(() => activities.prospectiveEnvFile(testContext, {}))).path,
    path,
    text: (name) => readFile(path(name), 'utf8'),
    put: (name, text) => writeFile(path(name), text),
    password: async () => (await openPlatformStore(platform).readCurrent('env.PASSWORD'))?.value,
  };
  const activities = createEnvironmentActivities({
    projectVolumes: async () => self.volumes,
    checkConfig: async () => {},
    ...deps,
  });
  return self;
}
