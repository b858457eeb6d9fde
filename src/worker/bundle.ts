import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleOption } from '@temporalio/worker';
import { bundleParts } from '../codec/data-converter.ts';
import type { CodecSettings } from '../codec/settings.ts';
import { packageRoot } from './config.ts';

const source = join(packageRoot, 'src', 'workflows', 'index.ts');
const prebuilt = join(packageRoot, 'dist', 'workflow-bundle.js');

/**
 * The workflow code as one script: the given file, the one that a package ships, or, in a checkout, bundled on
 * the spot (some seconds).
 */
export async function workflowBundle(
  given: string | undefined,
  codec: CodecSettings,
): Promise<WorkflowBundleOption> {
  if (given) return { codePath: given };
  if (!existsSync(source)) return { codePath: prebuilt };
  return buildWorkflowBundle(codec);
}

/** With failures sealed for the codec unless that is off. */
export function buildWorkflowBundle(
  codec: Pick<CodecSettings, 'encrypt'> = { encrypt: true },
): Promise<{ code: string }> {
  const logger = new DefaultLogger('WARN');
  return bundleWorkflowCode({ workflowsPath: source, logger, ...bundleParts(codec) });
}
