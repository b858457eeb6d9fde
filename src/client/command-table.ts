import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Host } from './session.ts';

export interface CommandEntry {
  readonly name: string;
  readonly group: string;
  readonly summary: string;
  /** Only the command that was asked for is loaded. */
  readonly load: () => Promise<(host: Host) => CommandUnknownOpts>;
}

const groups = {
  start: 'Start:',
  follow: 'Follow:',
  act: 'Decide:',
  machine: 'This machine:',
} as const;

export const commandTable: readonly CommandEntry[] = [
  {
    name: 'start',
    group: groups.start,
    summary: 'Start a run of a runbook',
    load: async () => (await import('./commands/start.ts')).startCommand,
  },
  {
    name: 'list',
    group: groups.start,
    summary: 'List the runbooks',
    load: async () => (await import('./commands/list.ts')).listCommand,
  },
  {
    name: 'show',
    group: groups.start,
    summary: 'Show what a runbook does and takes',
    load: async () => (await import('./commands/show.ts')).showCommand,
  },
  {
    name: 'validate',
    group: groups.start,
    summary: 'Check platform and runbook files, without any network',
    load: async () => (await import('./commands/validate.ts')).validateCommand,
  },
  {
    name: 'status',
    group: groups.follow,
    summary: 'Show what is going on: all open runs, or one run',
    load: async () => (await import('./commands/status.ts')).statusCommand,
  },
  {
    name: 'watch',
    group: groups.follow,
    summary: 'Watch a run until it ends',
    load: async () => (await import('./commands/watch.ts')).watchCommand,
  },
  {
    name: 'logs',
    group: groups.follow,
    summary: 'Print what the steps of a run printed',
    load: async () => (await import('./commands/logs.ts')).logsCommand,
  },
  {
    name: 'history',
    group: groups.follow,
    summary: 'List the latest runs, open and ended',
    load: async () => (await import('./commands/history.ts')).historyCommand,
  },
  {
    name: 'report',
    group: groups.follow,
    summary: 'Print the report of a run, or write it as a page',
    load: async () => (await import('./commands/report.ts')).reportCommand,
  },
  {
    name: 'decide',
    group: groups.act,
    summary: 'Decide about a parked step: retry, skip, undo, abort',
    load: async () => (await import('./commands/decide.ts')).decideCommand,
  },
  {
    name: 'approve',
    group: groups.act,
    summary: 'Approve the plan of a run that waits for it',
    load: async () => (await import('./commands/approve.ts')).approveCommand,
  },
  {
    name: 'reject',
    group: groups.act,
    summary: 'Reject the plan of a run that waits for approval',
    load: async () => (await import('./commands/approve.ts')).rejectCommand,
  },
  {
    name: 'stop',
    group: groups.act,
    summary: 'Stop a run, and undo what it did or leave it',
    load: async () => (await import('./commands/stop.ts')).stopCommand,
  },
  {
    name: 'retry',
    group: groups.act,
    summary: 'Do a run that has ended again, or from one of its steps on',
    load: async () => (await import('./commands/retry.ts')).retryCommand,
  },
  {
    name: 'sweep',
    group: groups.act,
    summary: 'Undo what a terminated run left',
    load: async () => (await import('./commands/sweep.ts')).sweepCommand,
  },
  {
    name: 'hold',
    group: groups.act,
    summary: 'Let a run stand still between two steps',
    load: async () => (await import('./commands/hold.ts')).holdCommand,
  },
  {
    name: 'release',
    group: groups.act,
    summary: 'Let a held run go on',
    load: async () => (await import('./commands/hold.ts')).releaseCommand,
  },
  {
    name: 'locks',
    group: groups.act,
    summary: 'Show who holds a lock and who waits; take one away',
    load: async () => (await import('./commands/locks.ts')).locksCommand,
  },
  {
    name: 'schedule',
    group: groups.start,
    summary: 'Runs that start by themselves: apply, list, show, pause, resume, trigger, delete',
    load: async () => (await import('./commands/schedule.ts')).scheduleCommand,
  },
  {
    name: 'coverage',
    group: groups.start,
    summary: 'Show what runbooks can do with each service of a platform',
    load: async () => (await import('./commands/coverage.ts')).coverageCommand,
  },
  {
    name: 'secrets',
    group: groups.start,
    summary: 'Show the secrets of a platform, and check them; no value is shown',
    load: async () => (await import('./commands/secrets.ts')).secretsCommand,
  },
  {
    name: 'init',
    group: groups.machine,
    summary: 'Write a platform file for a compose project that is there',
    load: async () => (await import('./commands/init.ts')).initCommand,
  },
  {
    name: 'up',
    group: groups.machine,
    summary: 'Start the embedded Temporal server and a worker',
    load: async () => (await import('./commands/up.ts')).upCommand,
  },
  {
    name: 'down',
    group: groups.machine,
    summary: 'Stop what up started; runs go on at the next up',
    load: async () => (await import('./commands/down.ts')).downCommand,
  },
  {
    name: 'worker',
    group: groups.machine,
    summary: 'Run a worker in the foreground',
    load: async () => (await import('./commands/worker.ts')).workerCommand,
  },
  {
    name: 'codec',
    group: groups.machine,
    summary: 'Print where payloads are decrypted; rotate the key that encrypts them',
    load: async () => (await import('./commands/codec.ts')).codecCommand,
  },
  {
    name: 'doctor',
    group: groups.machine,
    summary: 'Check everything that runs need on this machine',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand,
  },
  {
    name: 'env',
    group: groups.machine,
    summary: 'Audit the .env of a platform; no value is shown',
    load: async () => (await import('./commands/env.ts')).envCommand,
  },
  {
    name: 'config',
    group: groups.machine,
    summary: 'Print every setting and where it comes from',
    load: async () => (await import('./commands/config.ts')).configCommand,
  },
  {
    name: 'schema',
    group: groups.machine,
    summary: 'Print the JSON Schema of a file that people write',
    load: async () => (await import('./commands/schema.ts')).schemaCommand,
  },
  {
    name: 'completion',
    group: groups.machine,
    summary: 'Print the completion script for bash, zsh or fish',
    load: async () => (await import('./commands/completion.ts')).completionCommand,
  },
  {
    name: 'version',
    group: groups.machine,
    summary: 'Print the version',
    load: async () => (await import('./commands/version.ts')).versionCommand,
  },
];
