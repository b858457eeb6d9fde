import { Client, Connection } from '@temporalio/client';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { LockWish } from '../../src/shared/lock.ts';
import { messages } from '../../src/shared/messages.ts';
import type { StepContext } from '../../src/shared/step-context.ts';
import { runWorker } from '../../src/worker/start.ts';

/**
 * The product's worker without its locks: whoever asks for one has it at once, and no activity carries any, so that
 * the fence lets everybody pass. With it the detector of overlaps must find some.
 */
const connection = await Connection.connect({ address: process.env.TEMPORAL_ADDRESS ?? '' });
const { workflow } = new Client({ connection });

const everybodyHoldsIt: ActivityInterceptorsFactory = (context) => ({
  inbound: {
    async execute(input, next) {
      const [ctx, ...rest] = input.args as [Partial<StepContext> | undefined, ...unknown[]];
      if (context.info.activityType === 'requestLock') {
        const { key } = rest[0] as LockWish;
        const grant = { key, execution: ctx?.execution ?? '', token: Date.now() };
        await workflow.getHandle(ctx?.run ?? '').signal(messages.lockGranted, grant);
        return undefined;
      }
      return next(ctx?.locks ? { ...input, args: [{ ...ctx, locks: [] }, ...rest] } : input);
    },
  },
});

runWorker([everybodyHoldsIt]).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
