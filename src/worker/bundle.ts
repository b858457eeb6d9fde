import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleOption } from '@temporalio/worker';
import { packageRoot } from './config.ts';

const prebuilt = join(packageRoot, 'dist', 'workflow-bundle.js');

/** The workflow code as one script: prebuilt in a package, bundled on the spot in a checkout (about a second). */
export async function workflowBundle(): Promise<WorkflowBundleOption> {
  const source = join(packageRoot, 'src', 'workflows', 'index.ts');
  if (!existsSync(source)) return { codePath: prebuilt };
  return bundleWorkflowCode({ workflowsPath: source, logger: new DefaultLogger('WARN') });
}
