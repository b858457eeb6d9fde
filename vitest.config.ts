import { defineConfig } from 'vitest/config';

/** One project a layer; the container layers run one file at a time because they share two cores. */
const layer = (name: string, include: string[], timeoutMs: number, order: number) => ({
  test: {
    name,
    include,
    exclude,
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    pool: 'forks' as const,
    // Vitest runs projects of one group side by side; each layer is a group of its own.
    sequence: { groupOrder: order },
    ...(order > 0 ? { maxWorkers: 1 } : {}),
  },
});

/** Minutes each: `script/test --all` runs them. */
const exclude = process.env.RUNBOOK_TEST_ALL === '1' ? [] : ['tests/features/long/**'];

const unitFolders = ['shared', 'report', 'activities', 'client', 'codec', 'worker', 'script'];

export default defineConfig({
  test: {
    projects: [
      layer('unit', [`tests/{${unitFolders.join(',')}}/**/*.test.ts`], 10_000, 0),
      layer('workflow', ['tests/workflows/**/*.test.ts'], 60_000, 1),
      layer('replay', ['tests/replay/**/*.test.ts'], 60_000, 2),
      layer('crash', ['tests/crash/**/*.test.ts'], 600_000, 3),
      layer('feature', ['tests/features/**/*.test.ts'], 900_000, 4),
      layer('browser', ['tests/browser/**/*.test.ts'], 300_000, 5),
    ],
  },
});
