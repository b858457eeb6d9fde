import { expect, test } from 'vitest';
import { buildWorkflowBundle } from '../../src/worker/bundle.ts';

test('workflow code brings no schemas along, and names no folder of this machine', async () => {
  const { code } = await buildWorkflowBundle();
  const [script = '', map = ''] = code.split('//# sourceMappingURL=');
  // Every workflow loads all of it at its start: with zod in it that took 4 ms and 2 MB.
  expect(script).not.toContain('node_modules/zod');
  expect(script.length).toBeLessThan(1024 ** 2);
  const { sources } = JSON.parse(atob(map.slice(map.indexOf(',') + 1))) as { sources: string[] };
  expect(sources).toContain('./src/workflows/engine/step.ts');
  expect(sources.filter((source) => source.startsWith('/'))).toEqual([]);
}, 60_000);
