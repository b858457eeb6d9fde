import { z } from 'zod';

/** What a step that ran out of tries leads to. */
export const onFailureModes = ['park', 'undo', 'abort'] as const;
export type OnFailure = (typeof onFailureModes)[number];

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
