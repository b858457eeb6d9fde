import { readSweepMark } from '../activities/sweep.ts';
import { refuse } from '../shared/errors.ts';
import type { StepContext } from '../shared/step-context.ts';
import { sweptCode } from '../shared/sweep.ts';

/**
 * A swept run goes on from where it was ended, and does not know yet that it is to do nothing but undo. What it
 * tries next is refused, and so it learns. Reads that nothing depends on are let through.
 */
export async function refuseSwept(
  directory: string,
  { run, phase, sweep }: Pick<StepContext, 'run' | 'phase' | 'sweep'>,
): Promise<void> {
  if (phase === 'verify') return;
  const mark = await readSweepMark(directory);
  if (mark === undefined || (phase === 'undo' && sweep === mark.id)) return;
  throw refuse(
    sweptCode,
    `${run} is swept`,
    `${mark.by}: ${mark.why}`,
    'none: it undoes what it did, and ends',
  );
}
