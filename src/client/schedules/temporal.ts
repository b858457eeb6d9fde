import {
  type ScheduleDescription,
  type ScheduleExecutionResult,
  type ScheduleHandle,
  ScheduleNotFoundError,
  type ScheduleOptions,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import { taskQueue } from '../../shared/messages.ts';
import type { RunRequest } from '../../shared/run-request.ts';
import type { Link } from '../connection.ts';
import { CommandError } from '../errors.ts';
import { call } from '../runs/rpc.ts';
import type { Firing, ScheduleRow, Schedules } from './api.ts';
import type { WantedSchedule } from './wanted.ts';

const overlaps = {
  skip: ScheduleOverlapPolicy.SKIP,
  'queue-one': ScheduleOverlapPolicy.BUFFER_ONE,
  allow: ScheduleOverlapPolicy.ALLOW_ALL,
} as const;

export function createSchedules(link: Link): Schedules {
  const { schedule } = link.client;
  const server = <T>(work: () => Promise<T>) => call(link, { answerer: 'server' }, work);
  const on = <T>(id: string, work: (handle: ScheduleHandle) => Promise<T>) =>
    server(() => work(schedule.getHandle(id)).catch(unknownWhenMissing(id)));
  return {
    list: (platform) =>
      server(async () => {
        const ids: string[] = [];
        for await (const { scheduleId } of schedule.list()) ids.push(scheduleId);
        const wanted = ids.filter((id) => platform === undefined || id.startsWith(`${platform}/`));
        const found = wanted.map((id) => schedule.getHandle(id).describe());
        return (await Promise.all(found)).map(toRow).sort((a, b) => a.id.localeCompare(b.id));
      }),
    find: (id) => on(id, async (handle) => toRow(await handle.describe())),
    create: async (wanted) => {
      await server(() => schedule.create({ scheduleId: wanted.id, ...optionsOf(wanted) }));
    },
    // The state is kept: who has paused a schedule did not mean its old text only.
    update: (wanted) =>
      on(wanted.id, (handle) => handle.update(({ state }) => ({ ...optionsOf(wanted), state }))),
    pause: (id, note) => on(id, (handle) => handle.pause(note)),
    resume: (id, note) => on(id, (handle) => handle.unpause(note)),
    trigger: (id) => on(id, (handle) => handle.trigger(ScheduleOverlapPolicy.ALLOW_ALL)),
    delete: (id) => on(id, (handle) => handle.delete()),
  };
}

function optionsOf(wanted: WantedSchedule): Omit<ScheduleOptions, 'scheduleId'> {
  const { id, runbook, cron, timezone, overlap, catchUpMs, jitterMs, request } = wanted;
  return {
    spec: { cronExpressions: [cron], timezone, ...(jitterMs > 0 ? { jitter: jitterMs } : {}) },
    action: {
      type: 'startWorkflow',
      workflowType: runbook,
      // The server puts the time behind it, in seconds: two schedules that fire at once need ids of their own, or
      // only one of them starts. No name has a dot.
      workflowId: `${runbook}-${id.replace('/', '.')}`,
      taskQueue,
      args: [request],
    },
    policies: {
      overlap: overlaps[overlap],
      catchupWindow: catchUpMs,
      pauseOnFailure: wanted.pauseOnFailure,
    },
  };
}

function toRow({ scheduleId: id, action, spec, state, info }: ScheduleDescription): ScheduleRow {
  const request = ('args' in action ? action.args?.[0] : undefined) as RunRequest | undefined;
  const digest = request?.meta?.schedule?.digest;
  return {
    id,
    runbook: action.workflowType,
    ...(digest === undefined ? {} : { digest }),
    timezone: spec.timezone || 'UTC',
    paused: state.paused,
    ...(state.note ? { note: state.note } : {}),
    next: info.nextActionTimes.slice(0, 3).map((time) => time.toISOString()),
    recent: info.recentActions.map(toFiring).reverse(),
    taken: info.numActionsTaken,
    missed: info.numActionsMissedCatchupWindow,
    skipped: info.numActionsSkippedOverlap,
  };
}

function toFiring({ scheduledAt, action }: ScheduleExecutionResult): Firing {
  return { run: action.workflow.workflowId, at: scheduledAt.toISOString() };
}

const unknownWhenMissing = (id: string) => (error: unknown) => {
  if (!(error instanceof ScheduleNotFoundError)) throw error;
  throw new CommandError('RB_SCHEDULE_UNKNOWN', `there is no schedule ${id}`, {
    why: 'the server does not know it',
    fix: 'see the known ones with runbook schedule list; make it with runbook schedule apply',
    context: { changed: false },
  });
};
