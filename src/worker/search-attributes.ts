import type { NativeConnection } from '@temporalio/worker';
import { RunbookError } from '../shared/errors.ts';
import { missingSearchAttributes, registerCommand } from '../shared/search-attributes.ts';

/** A run that sets an attribute which the server does not know would hang for ever, so the worker refuses first. */
export async function requireSearchAttributes(
  connection: NativeConnection,
  namespace: string,
): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = missingSearchAttributes(customAttributes);
  if (missing.length === 0) return;
  throw new RunbookError(
    'RB_SEARCH_ATTRIBUTES',
    `the Temporal server does not know ${missing.join(', ')}`,
    {
      why: 'a run that sets an unknown search attribute would hang',
      fix: registerCommand(missing, namespace),
    },
  );
}
