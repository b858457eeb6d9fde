import type { ProbeVerdict, StepRecord } from '../../shared/run-state.ts';
import { StepFailed } from './failures.ts';
import { digestOf, planLine } from './plan.ts';
import type { Run } from './run.ts';

/**
 * Before an act that cannot be undone: waits for an approval of what its probe has said. `ask-again` after a wait:
 * the probe has to say the same once more, or the gate opens anew for what it says then.
 */
export async function passStepGate(
  run: Run,
  record: StepRecord,
  verdict: ProbeVerdict | undefined,
): Promise<'act' | 'ask-again'> {
  if (record.risk !== 'irreversible' || verdict?.state === 'in-place' || !run.gates.guardSteps) {
    return 'act';
  }
  const line = planLine(record);
  const digest = await digestOf(run, `gate-${record.id}`, run.resolved, [line]);
  if (run.gates.passed(record.id, digest)) return 'act';
  record.status = 'waiting';
  try {
    await run.gates.pass(record, { digest, lines: [line], changes: 1 });
  } catch (error) {
    if (error instanceof StepFailed) run.progress.close(record, 'skipped');
    throw error;
  }
  record.status = 'running';
  run.progress.goOn();
  // Somebody may have wished for a hold meanwhile.
  await run.hold.wait();
  return 'ask-again';
}
