import { sleep } from '@temporalio/workflow';
import { limits } from '../../shared/limits.ts';
import type { AttemptFailure } from './failures.ts';

/** Failures that say nothing about the step: what it works on could not be reached at all. */
const outageCodes = new Set(['RB_DOCKER_UNREACHABLE']);
const longestPauseMs = 5000;

/** Bridges a restart of the Docker engine: attempts that fell into it are nobody's tries. */
export class Outage {
  private sinceMs: number | undefined;
  private pauses = 0;

  /** True after a pause, when the step is to be attempted again; false when the failure counts. */
  async bridged(failure: AttemptFailure): Promise<boolean> {
    if (failure.kind !== 'failed' || !outageCodes.has(failure.facts.code)) {
      this.sinceMs = undefined;
      this.pauses = 0;
      return false;
    }
    this.sinceMs ??= Date.now();
    if (Date.now() - this.sinceMs >= limits.outageMs) return false;
    this.pauses += 1;
    await sleep(Math.min(1000 * this.pauses, longestPauseMs), {
      summary: failure.facts.what,
    });
    return true;
  }
}
