import { Command } from '@commander-js/extra-typings';
import { collect, examples } from '../options.ts';
import type { ExitCode, Host, Session } from '../session.ts';

export interface WorkerOptions {
  readonly platforms: readonly string[];
}

export function workerCommand(host: Host, work = worker) {
  return new Command('worker')
    .description(
      'Run a worker in the foreground, for a Temporal server that runs already. Ctrl-C stops it.',
    )
    .option('--platform <file>', 'platform file; repeatable', collect)
    .addHelpText('after', examples('runbook worker --platform compose/lab/platform.yaml'))
    .action(({ platform }) => host.perform(work, { platforms: platform ?? [] }));
}

export async function worker(options: WorkerOptions, session: Session): Promise<ExitCode> {
  const { runWorker } = await import('../local/run-worker.ts');
  return runWorker(options.platforms, session);
}
