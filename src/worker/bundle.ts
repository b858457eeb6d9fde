import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleOption } from '@temporalio/worker';
import { packageRoot } from './config.ts';

const source = join(packageRoot, 'src', 'workflows', 'index.ts');
const prebuilt = join(packageRoot, 'dist', 'workflow-bundle.js');

/**
 * The workflow code as one script: the given file, the one that a package ships, or, in a checkout, bundled on
 * the spot (some seconds).
 */
export async function workflowBundle(given: string | undefined): Promise<WorkflowBundleOption> {
  if (given) return { codePath: given };
  if (!existsSync(source)) return { codePath: prebuilt };
  return buildWorkflowBundle();
}

export function buildWorkflowBundle(): Promise<{ code: string }> {
  return bundleWorkflowCode({ workflowsPath: source, logger: new DefaultLogger('WARN') });
}
