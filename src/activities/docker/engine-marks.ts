import type { ExecOptions, ExecResult } from './engine-exec.ts';

/** Whose command it is: a run and its step, and the attempt. */
export interface Mark {
  readonly step: string;
  readonly attempt: number;
}

export const markText = ({ step, attempt }: Mark): string => `${step}#${attempt}`;

/** `$1` is the step, `$2` the mark that stays. Ends what carries another mark of the step, and says how many. */
const script = `
ended=0
for process in /proc/[0-9]*; do
  mark=$(tr '\\0' '\\n' <"$process/environ" 2>/dev/null | sed -n 's/^RUNBOOK_MARK=//p')
  case $mark in
    "$2") ;;
    "$1#"*) kill -KILL "\${process#/proc/}" 2>/dev/null && ended=$((ended + 1)) ;;
  esac
done
echo "$ended"
`;

type Exec = (argv: readonly string[], options: ExecOptions) => Promise<ExecResult>;

/**
 * A command in a container goes on when whoever started it dies. This ends those that earlier attempts have left;
 * how many. Where the container has no shell, only their own time limit ends them.
 */
export async function endEarlier(exec: Exec, mark: Mark): Promise<number> {
  const { exitCode, stdout } = await exec(['sh', '-c', script, 'sh', mark.step, markText(mark)], {
    user: '0',
  });
  return exitCode === 0 ? Number(stdout.trim()) : 0;
}
