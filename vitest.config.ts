import { defineConfig } from 'vitest/config';

/** One project a layer; the container layers run one file at a time because they share two cores. */
const layer = (name: string, include: string[], timeoutMs: number, serial: boolean) => ({
  test: {
    name,
    include,
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    pool: 'forks' as const,
    fileParallelism: !serial,
  },
});

const unitFolders = ['shared', 'report', 'activities', 'client', 'worker', 'script'];

export default defineConfig({
  test: {
    projects: [
      layer('unit', [`tests/{${unitFolders.join(',')}}/**/*.test.ts`], 10_000, false),
      layer('workflow', ['tests/workflows/**/*.test.ts'], 60_000, true),
      layer('replay', ['tests/replay/**/*.test.ts'], 60_000, true),
      layer('crash', ['tests/crash/**/*.test.ts'], 600_000, true),
      layer('feature', ['tests/features/**/*.test.ts'], 900_000, true),
      layer('browser', ['tests/browser/**/*.test.ts'], 300_000, true),
    ],
  },
});
