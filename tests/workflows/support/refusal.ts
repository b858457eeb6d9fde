import { WorkflowUpdateFailedError } from '@temporalio/client';
import { expect } from 'vitest';

/** Why an update was refused; fails when it was taken. */
export async function refusal(update: Promise<unknown>): Promise<string> {
  const error = await update.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(WorkflowUpdateFailedError);
  return (error as WorkflowUpdateFailedError).cause?.message ?? '';
}
