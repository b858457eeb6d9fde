import { z } from 'zod';
import { Name } from './name.ts';
import { onFailureModes, ParkTimeout, parkThens, stopModes } from './run-request.ts';
import { risks } from './run-state.ts';

const paramBase = { description: z.string().max(500) };

/** The types a runbook's parameter can have; each carries its own limits. */
const Param = z.discriminatedUnion('type', [
  z.strictObject({
    ...paramBase,
    type: z.literal('string'),
    default: z.string().optional(),
    pattern: z.string().optional(),
    oneOf: z.array(z.string()).optional(),
  }),
  z.strictObject({
    ...paramBase,
    type: z.literal('integer'),
    default: z.int().optional(),
    min: z.int().optional(),
    max: z.int().optional(),
  }),
  z.strictObject({
    ...paramBase,
    type: z.literal('boolean'),
    default: z.boolean().optional(),
    /** A parameter with a list of names, which may not be given beside a `true` of this one. */
    excludes: z.string().optional(),
  }),
  z.strictObject({ ...paramBase, type: z.literal('duration'), default: z.string().optional() }),
  /** Names of services of the platform. The run takes the locks of these instead of the whole platform's. */
  z.strictObject({
    ...paramBase,
    type: z.literal('services'),
    default: z.array(Name).optional(),
  }),
  /** Names of secrets of the platform. The run takes the locks of the services that accept or read them. */
  z.strictObject({
    ...paramBase,
    type: z.literal('secrets'),
    default: z.array(Name).optional(),
  }),
]);
export type ParamDefinition = z.infer<typeof Param>;

/** One file in `runbooks/`: what `show` prints and what a run's parameters are checked against. */
export const DefinitionFileSchema = z.strictObject({
  schema: z.literal('runbook.definition/v1'),
  name: Name,
  title: z.string().max(200),
  description: z.string().max(4000),
  /** The highest risk of any step; decides what `start` asks before it starts. */
  risk: z.enum(risks),
  onFailure: z.enum(onFailureModes).default('park'),
  /** Without it a parked step waits for a decision for ever. */
  // biome-ignore lint/suspicious/noThenProperty: how people write it; the value is a text, never called
  park: z.strictObject({ timeout: ParkTimeout, then: z.enum(parkThens) }).optional(),
  onCancel: z.enum(stopModes).default('undo'),
  params: z.record(z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/), Param).default({}),
  /** The steps as the paper runbook lists them, for `show`; the code decides. */
  steps: z
    .array(z.strictObject({ id: z.string().max(80), title: z.string().max(200) }))
    .default([]),
});

export type DefinitionFile = z.infer<typeof DefinitionFileSchema>;
