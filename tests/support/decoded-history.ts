import type { WorkflowHandle } from '@temporalio/client';
import {
  visit,
  walkGetWorkflowExecutionHistoryResponse,
} from '@temporalio/common/lib/internal-non-workflow/index.js';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/**
 * A run's history with its payloads decrypted, by the client that the handle is of. Recorded histories are
 * written from it, so that they need no key; searches for secrets read it, for in a cipher nothing is found.
 */
export async function decodedHistory(handle: WorkflowHandle): Promise<History> {
  const { payloadCodecs } = handle.client.options.loadedDataConverter;
  const history = await handle.fetchHistory();
  for (const codec of payloadCodecs) {
    await visit({ history }, walkGetWorkflowExecutionHistoryResponse, {
      transformPayload: async (payload) => (await codec.decode([payload]))[0] ?? payload,
      transformPayloads: (payloads) => codec.decode(payloads),
      initialContext: undefined,
      skipHeaders: true,
      skipSearchAttributes: true,
    });
  }
  return history;
}
