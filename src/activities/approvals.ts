import { limits } from '../shared/limits.ts';
import type { StepContext } from '../shared/step-context.ts';

interface UpdateRequest {
  readonly meta?: { readonly updateId?: string | null; readonly identity?: string | null } | null;
}

interface HistoryPage {
  readonly history?: {
    readonly events?:
      | readonly {
          readonly workflowExecutionUpdateAcceptedEventAttributes?: {
            readonly acceptedRequest?: UpdateRequest | null;
          } | null;
          /** After a reset the request stands in this one. */
          readonly workflowExecutionUpdateAdmittedEventAttributes?: {
            readonly request?: UpdateRequest | null;
          } | null;
        }[]
      | null;
  } | null;
  readonly nextPageToken?: Uint8Array | null;
}

/** What these activities need of a Temporal client. */
export interface HistoryClientApi {
  readonly workflowService: {
    getWorkflowExecutionHistoryReverse(request: {
      namespace: string;
      execution: { workflowId: string };
      maximumPageSize: number;
      nextPageToken?: Uint8Array;
    }): Promise<HistoryPage>;
  };
  readonly options: { readonly namespace: string };
}

const pageEvents = 250;

export const createApprovalActivities = (client: HistoryClientApi) => ({
  /**
   * Who sent these updates, by the identity that the server got from each client: update id to identity, empty
   * when the client gave none. One that is too far back is left out. Reads only, so a retry is safe.
   */
  async updateIdentities(
    ctx: StepContext,
    { updates }: { readonly updates: readonly string[] },
  ): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    let token: Uint8Array | undefined;
    for (let read = 0; read < limits.identityEvents; read += pageEvents) {
      const page = await client.workflowService.getWorkflowExecutionHistoryReverse({
        namespace: client.options.namespace,
        execution: { workflowId: ctx.run },
        maximumPageSize: pageEvents,
        ...(token === undefined ? {} : { nextPageToken: token }),
      });
      for (const { updateId, identity } of requestsIn(page)) {
        if (updateId && updates.includes(updateId)) found[updateId] = identity ?? '';
      }
      token = page.nextPageToken ?? undefined;
      const isComplete = updates.every((update) => Object.hasOwn(found, update));
      if (isComplete || token === undefined || token.length === 0) break;
    }
    return found;
  },
});

function requestsIn({ history }: HistoryPage) {
  return (history?.events ?? []).flatMap((event) => {
    const { acceptedRequest } = event.workflowExecutionUpdateAcceptedEventAttributes ?? {};
    const { request } = event.workflowExecutionUpdateAdmittedEventAttributes ?? {};
    const meta = acceptedRequest?.meta ?? request?.meta;
    return meta ? [meta] : [];
  });
}
