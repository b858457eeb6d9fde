import { join } from 'node:path';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ToyWorld } from './toy-world.ts';

let world: ToyWorld;
beforeAll(async () => {
  world = await ToyWorld.open(join(import.meta.dirname, '../../src/workflows/index.ts'));
});
afterAll(() => world.close());

/** Every function that an object has without being told, and the rest of what its prototype names. */
const inherited = Object.getOwnPropertyNames(Object.prototype);

test.each(['deplyo', 'default', ...inherited])(
  'a workflow type that is no runbook ends at once: %s',
  async (type) => {
    const handle = await world.start(type);
    const error = await handle.result().catch((reason: unknown) => reason);
    const cause = error instanceof WorkflowFailedError ? error.cause : undefined;
    expect(cause).toBeInstanceOf(ApplicationFailure);
    expect(cause).toMatchObject({
      type: 'RB_RUNBOOK_UNKNOWN',
      message: expect.stringContaining(`there is no runbook "${type}"`),
    });
  },
);
