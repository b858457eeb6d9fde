import { z } from 'zod';
import { Duration } from './duration.ts';
import { isDurationWithin } from './duration-ms.ts';
import { limits } from './limits.ts';

/** What a step that ran out of tries leads to. */
export const onFailureModes = ['park', 'undo', 'abort'] as const;
export type OnFailure = (typeof onFailureModes)[number];

/** What becomes of a parked step that nobody decides about in time. */
export const parkThens = ['undo', 'abort'] as const;
export type ParkThen = (typeof parkThens)[number];

/** How long a step waits for a decision. */
export const ParkTimeout = Duration.refine(isParkTimeout, {
  error: 'expected a time-out from 1s to 720h',
});

/** A text of another form has been told about already. */
function isParkTimeout(text: string): boolean {
  return !Duration.safeParse(text).success || isDurationWithin(text, 1000, limits.parkTimeoutMs);
}

/** What stopping a run means: leave things as they are, or unwind what was done. */
export const stopModes = ['here', 'undo'] as const;
export type StopMode = (typeof stopModes)[number];

const triggers = ['cli', 'ui', 'schedule'] as const;
export type Trigger = (typeof triggers)[number];

const shortText = z.string().max(500);

/** The one JSON object that starts a run. `{}` is valid when the worker has a default platform. */
export const RunRequestSchema = z.strictObject({
  platform: z.string().max(64).optional(),
  params: z.record(z.string().max(64), z.unknown()).optional(),
  options: z
    .strictObject({
      plan: z.boolean().optional(),
      planDigest: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .optional(),
      onFailure: z.enum(onFailureModes).optional(),
      /** How long a step that parks waits for a decision; as the runbook says, or for ever, without it. */
      parkTimeout: ParkTimeout.optional(),
      /** Why it may run while every change window is closed. */
      outsideWindow: z.string().trim().min(3).max(500).optional(),
      /** The step at which it begins: every step before it must be in place. */
      from: z.string().min(1).max(120).optional(),
    })
    .optional(),
  meta: z
    .strictObject({
      by: shortText.optional(),
      reason: shortText.optional(),
      ticket: shortText.optional(),
      trigger: z.enum(triggers).optional(),
      /** The id of the run that this one does again. */
      retryOf: z.string().min(1).max(500).optional(),
      /** Which schedule starts it, and which version of its text. */
      schedule: z.strictObject({ id: shortText, digest: shortText }).optional(),
    })
    .optional(),
});

export type RunRequest = z.infer<typeof RunRequestSchema>;

/** Shown with every refusal of a run's input. */
export const exampleRequest = '{"platform": "lab", "params": {}, "options": {"onFailure": "park"}}';
