import fc from 'fast-check';
import { awkwardText, awkwardValue, record } from './awkward.ts';
import { mutated } from './mutated.ts';

/** Valid requests for a runbook with parameters of every type, on the platforms `mini` and `lab`. */
const valid = [
  { platform: 'mini', params: { member: 'pg1' } },
  {
    platform: 'lab',
    params: { member: 'pg2', mode: 'fast', rounds: 9, wait: '10m', force: true },
    options: {
      plan: true,
      planDigest: 'a'.repeat(64),
      onFailure: 'undo',
      outsideWindow: 'a hotfix',
    },
    meta: {
      by: 'ann',
      reason: 'a test',
      ticket: 'OPS-1',
      trigger: 'schedule',
      schedule: { id: 'lab/nightly', digest: 'd' },
    },
  },
];

const loose = fc
  .array(
    fc.tuple(
      fc.oneof(fc.constantFrom('platform', 'params', 'options', 'meta'), awkwardText),
      fc.oneof(awkwardValue, fc.constant(valid[1])),
    ),
    { maxLength: 5 },
  )
  .map(record);

/** What somebody might type into the UI's form, or a program might send. */
export const runRequest: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: mutated(valid, 3) },
  { weight: 2, arbitrary: loose },
  awkwardValue,
  fc.nat(70_000).map((length) => ({ platform: 'mini', meta: { reason: 'x'.repeat(length) } })),
);
