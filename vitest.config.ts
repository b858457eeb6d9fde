import { defineConfig } from 'vitest/config';

/**
 * One project a layer. Files that mostly wait (for time-outs, for a killed worker's successor) go two at a time on
 * two cores; those that measure gaps or drive a browser have the machine for themselves.
 */
const layer = (
  name: string,
  include: string[],
  timeoutMs: number,
  order: number,
  maxWorkers?: number,
) => ({
  test: {
    name,
    include,
    exclude,
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    pool: 'forks' as const,
    // Vitest runs projects of one group side by side; each layer is a group of its own.
    sequence: { groupOrder: order },
    ...(maxWorkers === undefined ? {} : { maxWorkers }),
  },
});

/** Minutes each: `script/test --all` runs them. */
const exclude = process.env.RUNBOOK_TEST_ALL === '1' ? [] : ['tests/features/long/**'];

const unitFolders = ['shared', 'report', 'activities', 'client', 'codec', 'worker', 'script'];

export default defineConfig({
  test: {
    projects: [
      layer('unit', [`tests/{${unitFolders.join(',')}}/**/*.test.ts`], 10_000, 0),
      layer('workflow', ['tests/workflows/**/*.test.ts'], 60_000, 1, 2),
      layer('replay', ['tests/replay/**/*.test.ts'], 60_000, 2, 1),
      layer('crash', ['tests/crash/**/*.test.ts'], 600_000, 3, 2),
      layer('feature', ['tests/features/**/*.test.ts'], 900_000, 4, 1),
      layer('browser', ['tests/browser/**/*.test.ts'], 300_000, 5, 1),
    ],
  },
});
