import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import { createPayloadCodec } from './payload-codec.ts';
import type { CodecSettings } from './settings.ts';

/** A module that the SDK loads by its path: `.ts` in a checkout, `.js` once built. */
const modulePath = (name: string) =>
  fileURLToPath(new URL(`./${name}${extname(import.meta.url)}`, import.meta.url));

const failureConverterPath = modulePath('failure-converter');

/** For clients and workers. Without encryption failures stay as the SDK makes them. */
export function dataConverter(settings: CodecSettings): DataConverter {
  const payloadCodecs = [createPayloadCodec(settings)];
  return settings.encrypt ? { payloadCodecs, failureConverterPath } : { payloadCodecs };
}

/** The part of it that a workflow bundle is built with. */
export function bundleParts({ encrypt }: Pick<CodecSettings, 'encrypt'>) {
  if (!encrypt) return {};
  return { failureConverterPath, workflowInterceptorModules: [modulePath('plain-refusals')] };
}
