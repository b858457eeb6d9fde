/** Every exit code of the CLI: one table for code, help, docs and tests. */
export const exitCodes = {
  done: 0,
  bug: 1,
  usage: 2,
  changes: 3,
  refused: 4,
  undone: 5,
  needsPerson: 6,
  stopped: 7,
  unfinished: 8,
  unreachable: 9,
  detached: 130,
} as const;

export const exitCodeMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  done: 'done, or nothing to change',
  bug: 'a bug in runbook itself',
  usage: 'wrong usage or an invalid file; nothing was started',
  changes: 'start --plan --exit-code: there are changes',
  refused: 'refused, or a check found a fault; nothing was changed',
  undone: 'failed, and everything it changed was undone',
  needsPerson: 'failed and needs a person: not undone, or the undo failed',
  stopped: 'stopped or cancelled: undone, or left as it was by `stop --here`',
  unfinished: 'still running, parked or waiting',
  unreachable: 'cannot reach Temporal, or no worker polls the task queue',
  detached: 'detached by Ctrl-C; the run goes on',
};
