import { z } from 'zod';
import type { ErrorFacts } from './errors.ts';

/**
 * `parked`: a decision is needed; `gate`: an approval is; `failed`: ended otherwise than wanted; `ended`: came to
 * any end.
 */
export const notificationEvents = ['parked', 'gate', 'failed', 'ended'] as const;
export type NotificationEvent = (typeof notificationEvents)[number];

const VariableOfWorker = z
  .string()
  .max(128)
  .regex(/^[A-Z_][A-Z0-9_]*$/, {
    error: 'expected the name of a variable such as OPS_WEBHOOK_URL',
  });

/** Where word of a run goes. The address can hold a token, so it stands in the worker's environment. */
export const NotificationTarget = z.strictObject({
  format: z.enum(['json', 'slack']).default('json'),
  url: VariableOfWorker,
  /** The key that each message is signed with. */
  key: VariableOfWorker.optional(),
  on: z.array(z.enum(notificationEvents)).min(1).default(['parked', 'gate', 'failed']),
});
export type NotificationTarget = z.infer<typeof NotificationTarget>;

/** What is told; the body of a `json` message. Nothing in it is a secret. */
export interface Notification {
  readonly schema: 'runbook.notification/v1';
  readonly event: NotificationEvent;
  readonly run: string;
  readonly execution: string;
  readonly runbook: string;
  readonly platform: string;
  readonly state: string;
  readonly summary: string;
  readonly step?: string;
  readonly error?: ErrorFacts;
  /** What to type next. */
  readonly commands: readonly string[];
}

/** What the workflow that sends it is started with. */
export interface NotificationOrder {
  readonly notification: Notification;
  readonly targets: readonly string[];
}
