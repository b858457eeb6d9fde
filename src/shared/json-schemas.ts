import { z } from 'zod';
import { ConfigFileSchema } from './config-file.ts';
import { DefinitionFileSchema } from './definition-file.ts';
import { PlatformFileSchema } from './platform-file.ts';
import { RunRequestSchema } from './run-request.ts';

const sources = {
  platform: { title: 'The platform file of runbook', schema: PlatformFileSchema },
  definition: { title: 'The definition file of a runbook', schema: DefinitionFileSchema },
  config: { title: 'The configuration of the runbook command', schema: ConfigFileSchema },
  'run-request': { title: 'What starts a run', schema: RunRequestSchema },
} as const;

export type JsonSchemaName = keyof typeof sources;

/** The JSON schemas that editors read, by the name of their file in `schemas/`. */
export function jsonSchemas(): Readonly<Record<JsonSchemaName, object>> {
  const convert = ({ title, schema }: (typeof sources)[JsonSchemaName]) => ({
    ...z.toJSONSchema(schema, { target: 'draft-7', io: 'input' }),
    title,
  });
  return {
    platform: convert(sources.platform),
    definition: convert(sources.definition),
    config: convert(sources.config),
    'run-request': convert(sources['run-request']),
  };
}
