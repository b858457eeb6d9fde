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

/** Anything as JSON with its bytes as the text they hold: messages of the server would write them in base64. */
export function textWithBytes(value: unknown): string {
  return JSON.stringify(withTexts(value)) ?? '';
}

function withTexts(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (Array.isArray(value)) return value.map(withTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withTexts(part)]));
}
