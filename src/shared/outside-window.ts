import { type RunbookError, refuse } from './errors.ts';
import type { NextWindow } from './windows.ts';

export const outsideWindowCode = 'RB_OUTSIDE_WINDOW';

interface Blocked extends NextWindow {
  readonly runbook: string;
  readonly platform: string;
  /** The parameters that were given, as flags. */
  readonly flags: string;
}

/** What ends a run that may change nothing now, and what the CLI says instead of starting it. */
export function outsideWindow({ runbook, platform, flags, opens, opensAt }: Blocked): RunbookError {
  return refuse(
    outsideWindowCode,
    `no change window of ${platform} is open`,
    opens === undefined
      ? 'none opens within three weeks'
      : `the next opens ${opens}, which is ${opensAt}`,
    `start it then, or by hand now with a reason: runbook start ${runbook} --platform ${platform}${flags} ` +
      '--outside-window REASON, from the UI "options": {"outsideWindow": "REASON"}',
  );
}
