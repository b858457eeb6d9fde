import type { Link } from '../connection.ts';
import { CommandError } from '../errors.ts';
import { findRun } from './find.ts';
import { call, standsStill } from './rpc.ts';

const unanswered: ReadonlySet<string> = new Set(['RB_NO_WORKER', 'RB_TEMPORAL_ANSWER']);

/** A call that the run itself has to answer. Where it does not, the server may know why. */
export async function ask<T>(link: Link, run: string, work: () => Promise<T>): Promise<T> {
  try {
    return await call(link, { answerer: 'worker', run }, work);
  } catch (error) {
    if (!(error instanceof CommandError && unanswered.has(error.code))) throw error;
    const { trouble } = await call(link, { answerer: 'server', run }, () => findRun(link, run));
    throw trouble === undefined ? error : standsStill(run, trouble);
  }
}
