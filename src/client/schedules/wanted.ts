import { createHash } from 'node:crypto';
import { durationMs } from '../../shared/duration-ms.ts';
import type { PlatformFile } from '../../shared/platform-file.ts';
import type { RunRequest } from '../../shared/run-request.ts';
import { type Schedule, scheduleId } from '../../shared/schedule.ts';

/** A schedule as a platform file wants it on the server. */
export interface WantedSchedule {
  readonly id: string;
  readonly runbook: string;
  readonly platform: string;
  readonly cron: string;
  readonly timezone: string;
  readonly overlap: Schedule['overlap'];
  readonly catchUpMs: number;
  readonly jitterMs: number;
  readonly pauseOnFailure: boolean;
  /** What each of its runs is started with; it carries the digest by which a changed text is known. */
  readonly request: RunRequest;
  readonly digest: string;
}

export function wantedSchedule(
  platform: PlatformFile,
  name: string,
  schedule: Schedule,
): WantedSchedule {
  const { runbook, cron, timezone, overlap, pauseOnFailure, params, onFailure, parkTimeout } =
    schedule;
  const id = scheduleId(platform.name, name);
  const options = {
    ...(onFailure === undefined ? {} : { onFailure }),
    ...(parkTimeout === undefined ? {} : { parkTimeout }),
  };
  const base = {
    platform: platform.name,
    params,
    ...(Object.keys(options).length === 0 ? {} : { options }),
  };
  const digest = createHash('sha256')
    .update(JSON.stringify([id, schedule]))
    .digest('hex')
    .slice(0, 16);
  const request: RunRequest = {
    ...base,
    meta: { by: id, trigger: 'schedule', schedule: { id, digest } },
  };
  return {
    ...{ id, runbook, platform: platform.name, cron, timezone, overlap, pauseOnFailure },
    catchUpMs: durationMs(schedule.catchUp),
    jitterMs: durationMs(schedule.jitter),
    ...{ request, digest },
  };
}
