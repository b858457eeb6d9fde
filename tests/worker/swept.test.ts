import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { StepContext } from '../../src/shared/step-context.ts';
import { refuseSwept } from '../../src/worker/swept.ts';

function folder(isSwept: boolean): string {
  const directory = mkdtempSync(join(tmpdir(), 'rbtest-swept-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const request = JSON.stringify({ id: 'second', by: 'ann', why: 'by mistake' });
  if (isSwept) writeFileSync(join(directory, 'sweep.json'), request);
  return directory;
}
const attempt = (phase: StepContext['phase'], sweep?: string) => ({
  ...{ run: 'gone', phase },
  ...(sweep === undefined ? {} : { sweep }),
});

test('an attempt of a run that nobody sweeps is let through', async () => {
  await refuseSwept(folder(false), attempt('act'));
});

test.each(['probe', 'act', 'undo'] as const)('a %s of a swept run is refused', async (phase) => {
  await expect(refuseSwept(folder(true), attempt(phase))).rejects.toMatchObject({
    code: 'RB_SWEPT',
    why: 'ann: by mistake',
    retry: 'never',
  });
});

test('an undo of a run that knows of this sweep is let through, an act never', async () => {
  const directory = folder(true);
  await refuseSwept(directory, attempt('undo', 'second'));
  for (const unknowing of [attempt('act', 'second'), attempt('undo', 'first')]) {
    await expect(refuseSwept(directory, unknowing)).rejects.toThrow('is swept');
  }
});
