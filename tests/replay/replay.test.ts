import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundleParts } from '../../src/codec/data-converter.ts';

const histories = join(import.meta.dirname, 'histories');
const workflows = join(import.meta.dirname, '..', '..', 'src', 'workflows');

describe('recorded histories', () => {
  let workflowBundle: Awaited<ReturnType<typeof bundleWorkflowCode>>;
  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    workflowBundle = await bundleWorkflowCode({
      workflowsPath: join(workflows, 'index.ts'),
      logger: new DefaultLogger('ERROR'),
      ...bundleParts({ encrypt: true }),
    });
  });

  const files = readdirSync(histories).filter((name) => name.endsWith('.json'));

  test.each(files)('%s replays against the code of today', async (file) => {
    const history = JSON.parse(readFileSync(join(histories, file), 'utf8'));
    // Ids of children start with the id of the run.
    const { workflowId } = history.events[0].workflowExecutionStartedEventAttributes;
    await expect(
      Worker.runReplayHistory({ workflowBundle }, history, workflowId),
    ).resolves.toBeUndefined();
  });

  test('every runbook and the lock have at least one', () => {
    const source = readFileSync(join(workflows, 'index.ts'), 'utf8');
    const types = [...source.matchAll(/ as '([^']+)'/g)].map((match) => match[1]);
    const recorded = new Set(files.map((file) => file.split('.')[0]));
    expect(types.filter((type) => type !== undefined && !recorded.has(type))).toEqual([]);
  });
});
