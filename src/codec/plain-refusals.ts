import { ApplicationFailure, type WorkflowInterceptors } from '@temporalio/workflow';
import { refusedType } from './refused.ts';

/**
 * Keeps the words of a refused order plain. They leave no event, so nothing of them is stored, and the Temporal
 * UI shows whoever sent the order the bare message.
 */
export const interceptors = (): WorkflowInterceptors => ({
  inbound: [
    {
      validateUpdate(input, next) {
        try {
          next(input);
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error);
          throw ApplicationFailure.nonRetryable(message, refusedType);
        }
      },
    },
  ],
});
