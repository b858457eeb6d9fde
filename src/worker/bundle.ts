import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleOption } from '@temporalio/worker';
import { bundleParts } from '../codec/data-converter.ts';
import type { CodecSettings } from '../codec/settings.ts';
import { build } from '../shared/build.ts';
import { packageRoot } from './config.ts';

const source = join(packageRoot, 'src', 'workflows', 'index.ts');
const prebuilt = join(packageRoot, 'dist', 'workflow-bundle.js');

/**
 * The workflow code as one script: the given file; beside built code the one that was built with it; where the
 * sources run, bundled on the spot (some seconds), so that it is never older than they are.
 */
export async function workflowBundle(
  given: string | undefined,
  codec: CodecSettings,
): Promise<WorkflowBundleOption> {
  if (given) return { codePath: given };
  return build ? { codePath: prebuilt } : buildWorkflowBundle(codec);
}

/**
 * With failures sealed for the codec unless that is off. Names files from the package's folder on: stacks stand
 * in histories, which outlive folders.
 */
export function buildWorkflowBundle(
  codec: Pick<CodecSettings, 'encrypt'> = { encrypt: true },
): Promise<{ code: string }> {
  return bundleWorkflowCode({
    workflowsPath: source,
    logger: new DefaultLogger('WARN'),
    ...bundleParts(codec),
    webpackConfigHook: (config) => ({
      ...config,
      context: packageRoot,
      output: { ...config.output, devtoolModuleFilenameTemplate: '[resource-path]' },
    }),
  });
}
