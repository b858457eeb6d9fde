import { Argument, Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { examples } from '../options.ts';
import type { ExitCode, Host, Session } from '../session.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;

export interface CompletionOptions {
  readonly shell: (typeof shells)[number];
}

export function completionCommand(host: Host, work = completion) {
  return new Command('completion')
    .description(
      'Print the script that lets a shell complete commands, options, runbooks, platforms and, when ' +
        'a server answers at once, ids of runs.',
    )
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .addHelpText(
      'after',
      examples(
        'runbook completion bash > ~/.local/share/bash-completion/completions/runbook',
        'runbook completion zsh > ~/.zfunc/_runbook',
        'runbook completion fish > ~/.config/fish/completions/runbook.fish',
      ),
    )
    .action((shell) => host.perform(work, { shell }));
}

export async function completion(
  { shell }: CompletionOptions,
  session: Session,
): Promise<ExitCode> {
  const { readFile } = await import('node:fs/promises');
  const { join } = await import('node:path');
  const { packageRoot } = await import('../local/paths.ts');
  // A script whatever the format of answers: there is no other form of it.
  const script = await readFile(join(packageRoot, 'completions', `runbook.${shell}`), 'utf8');
  session.terminal.stdout.stream.write(script);
  return exitCodes.done;
}
