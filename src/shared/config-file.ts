import { z } from 'zod';
import { colourModes, outputFormats, progressModes } from './display-modes.ts';
import { Name } from './name.ts';
import { parseYamlFile } from './yaml-file.ts';

const Path = z.string().min(1).max(4096);

/**
 * `runbook.yaml` of a project and `config.yaml` of a person. It names no program and holds no credential: whoever
 * enters somebody's folder must not run what that person chose.
 */
export const ConfigFileSchema = z.strictObject({
  schema: z.literal('runbook.config/v1'),
  address: z
    .string()
    .max(300)
    .regex(/^\S+:\d{1,5}$/, { error: 'expected host:port, for example 127.0.0.1:7233' })
    .meta({ description: 'The Temporal server, as host:port.' })
    .optional(),
  namespace: z.string().min(1).max(255).meta({ description: 'The Temporal namespace.' }).optional(),
  profile: z
    .string()
    .min(1)
    .max(255)
    .meta({ description: 'The profile of the temporal command, with TLS and keys.' })
    .optional(),
  platforms: z
    .array(Path)
    .max(100)
    .meta({ description: 'Platform files of up and worker, from the folder of this file.' })
    .optional(),
  platform: Name.meta({ description: 'The platform of runs that name none.' }).optional(),
  stateDirectory: Path.meta({
    description: 'Where runs and logs are kept, from the folder of this file.',
  }).optional(),
  output: z.enum(outputFormats).meta({ description: 'How answers are printed.' }).optional(),
  color: z.enum(colourModes).meta({ description: 'When to print in colour.' }).optional(),
  progress: z.enum(progressModes).meta({ description: 'How progress is shown.' }).optional(),
});

export type ConfigFile = z.infer<typeof ConfigFileSchema>;

/** Throws `RB_FILE_INVALID` with every problem and its place. */
export const parseConfigFile = (text: string, fileName: string): ConfigFile =>
  parseYamlFile(text, fileName, ConfigFileSchema);
