import { workflowInfo } from '@temporalio/workflow';
import { setFlags } from '../../report/set-flags.ts';
import { outsideWindow } from '../../shared/outside-window.ts';
import type { ResolvedRun } from '../../shared/resolved-run.ts';
import type { WindowVerdict } from '../../shared/windows.ts';
import type { Progress } from './progress.ts';

/**
 * Lets a run go on while a change window is open, and outside of them with a reason; ends it otherwise. A plan
 * changes nothing, so it only says how it stands.
 */
export function passWindow(
  progress: Progress,
  resolved: ResolvedRun,
  verdict: WindowVerdict | undefined,
): void {
  if (verdict === undefined || verdict.open) return;
  const { open: _, ...next } = verdict;
  const { plan, platform, params, given = [], outsideWindow: reason } = resolved;
  progress.describe({
    outsideWindow: { ...next, ...(reason === undefined ? {} : { reason }) },
  });
  if (plan || reason !== undefined) return;
  const flags = setFlags(Object.fromEntries(given.map((name) => [name, params[name]])));
  throw outsideWindow({ runbook: workflowInfo().workflowType, platform, flags, ...next });
}
