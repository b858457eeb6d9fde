import { Command } from '@commander-js/extra-typings';
import { exampleRun, examples, timeoutOption } from '../options.ts';
import type { ExitCode, Host, Session } from '../session.ts';

export interface WatchOptions {
  readonly run?: string | undefined;
  readonly exitOnPark: boolean;
  readonly timeoutMs?: number | undefined;
}

export function watchCommand(host: Host, work = watch) {
  return new Command('watch')
    .description(
      'Watch a run until it ends; the exit code says how it ended. Ctrl-C leaves, the run goes on.',
    )
    .argument('[run]', 'id of the run (default: the newest open one)')
    .option(
      '--exit-on-park',
      'leave with 8 when the run waits for a decision or an approval; always so without a terminal',
    )
    .addOption(timeoutOption())
    .addHelpText('after', examples(`runbook watch ${exampleRun}`))
    .action((run, { exitOnPark, timeout }) =>
      host.perform(work, { run, exitOnPark: exitOnPark ?? false, timeoutMs: timeout }),
    );
}

export async function watch(options: WatchOptions, session: Session): Promise<ExitCode> {
  const { follow } = await import('../follow/follow.ts');
  const { tellEnd } = await import('../follow/tell-end.ts');
  const { newestOpenRun } = await import('../runs/newest.ts');
  const runs = await session.connect();
  const run = options.run ?? (await newestOpenRun(runs));
  const exitOnPark = options.exitOnPark || !session.terminal.stderr.isTTY;
  const ended = await follow(runs, run, session, { exitOnPark, timeoutMs: options.timeoutMs });
  return 'left' in ended ? ended.left : tellEnd(runs, run, ended, session);
}
