import { type WorkflowHandle, WorkflowUpdateFailedError } from '@temporalio/client';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RunbookError } from '../../src/shared/errors.ts';
import type { RunState } from '../../src/shared/run-state.ts';
import { awkwardText, awkwardValue } from '../support/generated/awkward.ts';
import { mutated } from '../support/generated/mutated.ts';
import { casesOf, Proof } from '../support/proof.ts';
import { ToyWorld } from './toy-world.ts';

let world: ToyWorld;
beforeAll(async () => {
  world = await ToyWorld.open();
  world.on('two', 'act', () => {
    throw new RunbookError('TOY_HOPELESS', 'it cannot work', { retry: 'never' });
  });
});
afterAll(() => world.close());

const person = { by: 'ann', why: 'looked at it' };

/** An answer that takes longer is a hang: a workflow task that fails is tried again for ever. */
const caseMs = 10_000;
/** The server bounds how many updates a run may get. */
const casesPerRun = 500;

let platforms = 0;

/** On a platform of its own: the lock of a terminated run is free only after a while. */
async function parked(): Promise<WorkflowHandle> {
  const handle = await world.start('two-steps', { platform: `toy-${++platforms}` });
  await world.untilState(handle, 'parked');
  return handle;
}

/** The first message of the refusal, or undefined when the update was taken. */
async function send(
  handle: WorkflowHandle,
  update: string,
  args: readonly unknown[],
): Promise<string | undefined> {
  try {
    const late = AbortSignal.timeout(caseMs);
    await world.client.withAbortSignal(late, () =>
      handle.executeUpdate<string, [unknown]>(update, { args: args as [unknown] }),
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof WorkflowUpdateFailedError)) throw error;
    return error.cause?.message ?? '';
  }
}

/** What a run keeps of the updates that it has taken; a refused one leaves nothing. */
async function traces(handle: WorkflowHandle): Promise<{ events: number; failedTasks: number }> {
  const { events = [] } = await handle.fetchHistory();
  return {
    events: (events ?? []).filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes)
      .length,
    failedTasks: (events ?? []).filter((event) => event.workflowTaskFailedEventAttributes).length,
  };
}

interface UpdateKind {
  readonly update: string;
  readonly valid: readonly object[];
  /** True of the state after an update that was taken, whose argument it is. */
  readonly shows: (state: RunState, argument: Record<string, unknown>) => boolean;
}

const lastDecision = ({ decisions }: RunState) => decisions.at(-1);

const kinds: readonly UpdateKind[] = [
  {
    update: 'decide',
    valid: ['retry', 'skip', 'undo', 'abort'].map((action) => ({
      ...{ step: 'two', attempt: 1, action },
      ...person,
    })),
    shows: (state, { action, by, why }) =>
      state.decisions.some((made) => made.action === action && made.by === by && made.why === why),
  },
  {
    update: 'stop',
    valid: ['here', 'undo'].map((mode) => ({ mode, ...person })),
    shows: (state, { mode, by }) =>
      lastDecision(state)?.action === `stop-${mode}` && lastDecision(state)?.by === by,
  },
  { update: 'hold', valid: [person], shows: (state, { by }) => state.hold?.by === by },
  {
    update: 'release',
    valid: [person],
    shows: (state, { by }) => state.hold === undefined && lastDecision(state)?.by === by,
  },
];

describe.each(kinds)('the argument of $update, whatever it is,', ({ update, valid, shows }) => {
  const cases = casesOf(120, 2500);
  test(
    'is taken and seen, or refused with a reason, and then leaves no event',
    async () => {
      const proof = new Proof('generated-inputs', `update ${update}`);
      const argument = fc.oneof(
        { weight: 5, arbitrary: mutated(valid, 3) },
        mutated(valid, 1),
        awkwardValue,
        fc.record({ step: awkwardText, attempt: awkwardValue, action: awkwardText, ...constants }),
      );
      const counts = { taken: 0, refused: 0 };
      let handle: WorkflowHandle | undefined;
      let mine = { sent: 0, taken: 0 };
      const finish = async () => {
        if (!handle) return;
        const left = await traces(handle);
        expect(left).toEqual({ events: mine.taken, failedTasks: 0 });
        await handle.terminate().catch(() => undefined);
        handle = undefined;
      };
      const open = async () => {
        handle = await parked();
        mine = { sent: 0, taken: 0 };
        if (update !== 'release') return handle;
        await send(handle, 'hold', [person]);
        mine.taken += 1;
        return handle;
      };
      await fc.assert(
        fc.asyncProperty(fc.array(argument, { maxLength: 2, minLength: 1 }), async (args) => {
          const run = handle ?? (await open());
          const refusal = await send(run, update, args);
          mine.sent += 1;
          if (refusal === undefined) {
            counts.taken += 1;
            mine.taken += 1;
            const state = await world.stateOf(run);
            expect(shows(state, args[0] as Record<string, unknown>)).toBe(true);
          } else {
            counts.refused += 1;
            expect(refusal).toMatch(refusals);
            expect(refusal.length).toBeLessThan(2000);
          }
          if (refusal === undefined || mine.sent >= casesPerRun) await finish();
        }),
        { numRuns: cases, seed: proof.seed, endOnFailure: true },
      );
      await finish();
      expect(Math.min(counts.taken, counts.refused)).toBeGreaterThan(0);
      await proof.shown(cases, counts);
    },
    casesOf(120_000, 3_600_000),
  );
});

const constants = { by: fc.constant('ann'), why: fc.constant('looked at it') };

/** Each reason that a person may get to read; a message of the language's own is none. */
const refusals =
  /^(expected one JSON object|"\w+" is missing or not a|unknown (action|mode) |step .* is not parked|stale decision: )/s;
