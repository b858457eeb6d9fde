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

/** Anything as JSON with its bytes as the text they hold, for a search. */
export function textWithBytes(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    const bytes = part instanceof Uint8Array ? part : bufferOf(part);
    return bytes === undefined ? part : Buffer.from(bytes).toString('utf8');
  });
}

/** What `Buffer.toJSON` has made of one, before anybody else sees it. */
function bufferOf(part: unknown): readonly number[] | undefined {
  const json = part as { readonly type?: unknown; readonly data?: unknown } | null;
  return json?.type === 'Buffer' && Array.isArray(json.data) ? json.data : undefined;
}
