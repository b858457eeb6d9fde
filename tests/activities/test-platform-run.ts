import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { PlatformDependencies } from '../../src/activities/opened-platform.ts';
import { type DockerDouble, dockerDouble } from './docker-double.ts';
import {
  runAttempt,
  type TestAttempt,
  testAttempt,
  testContext,
  testPlatform,
} from './test-attempt.ts';

export interface TestRun {
  readonly world: DockerDouble;
  readonly deps: PlatformDependencies;
  readonly attempt: TestAttempt;
  /** Calls an activity's method as an attempt of this run. */
  call<T>(work: (ctx: typeof testContext) => Promise<T>): Promise<T>;
  /** What the configuration says from now on: services with their hashes, and with settings of their own. */
  pin(hashes: Readonly<Record<string, string>>, settings?: Readonly<Record<string, object>>): void;
  /** The same host and state directory in another run. */
  another(run: string): TestRun;
}

/** A run on a platform of compose services in memory, with the configuration read. */
export function testRun(
  hashes: Readonly<Record<string, string>>,
  file: object = {},
  existing?: { world: DockerDouble; state: string; run: string },
): TestRun {
  const world = existing?.world ?? dockerDouble('mini');
  const state = existing?.state ?? mkdtempSync(join(tmpdir(), 'rbtest-state-'));
  if (existing === undefined) onTestFinished(() => rmSync(state, { recursive: true }));
  const run = existing?.run ?? 'run-1';
  const runDirectory = join(state, 'runs', run);
  mkdirSync(runDirectory, { recursive: true });
  const ctx = { ...testContext, run };
  const attempt = testAttempt({ ctx, runDirectory, platform: async () => testPlatform(file) });
  const deps = { engine: world.engine, compose: world.compose, stateDirectory: state };
  const pin: TestRun['pin'] = (services, settings = {}) => {
    const config = {
      name: 'mini',
      services: Object.fromEntries(
        Object.keys(services).map((name) => [
          name,
          // Without settings of its own a configuration differs by its hash.
          { image: `${name}:1`, ...(settings[name] ?? { x: services[name] }) },
        ]),
      ),
    };
    writeFileSync(join(runDirectory, 'compose.json'), JSON.stringify(config));
    writeFileSync(join(runDirectory, 'compose-hashes.json'), JSON.stringify(services));
  };
  pin(hashes);
  return {
    ...{ world, deps, attempt, pin },
    call: (work) => runAttempt(attempt, () => work(ctx)),
    another: (name) => testRun(hashes, file, { world, state, run: name }),
  };
}
