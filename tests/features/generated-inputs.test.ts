import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunbookError } from '../../src/shared/errors.ts';
import { parseDefinitionFile } from '../../src/shared/read-definition.ts';
import { checkRunRequest } from '../../src/shared/run-input.ts';
import { expectUntouched, failureFacts } from '../support/failure-facts.ts';
import { runRequest } from '../support/generated/run-requests.ts';
import { casesOf, Proof } from '../support/proof.ts';
import { World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await World.open({ platform: 'mini' });
});
afterAll(() => world.close());

/** How many runs are under way at a time. */
const atOnce = 10;

const file = join(import.meta.dirname, '../../runbooks/deploy.yaml');

test(
  'a run takes every generated input or ends at once with its problems, and touches nothing',
  async () => {
    const definition = parseDefinitionFile(await readFile(file, 'utf8'), file);
    const context = { definition, platforms: [world.platform.name] };
    /** What the reader says of it without a server; a plan where it is valid, so that nothing is touched. */
    const expected = (input: unknown): 'planned' | string => {
      try {
        checkRunRequest(input, { ...context, defaultPlatform: world.platform.name });
        return 'planned';
      } catch (error) {
        return (error as RunbookError).code;
      }
    };
    const cases = casesOf(60, 600);
    const proof = new Proof('generated-inputs', 'run inputs through a real worker');
    const counts = { planned: 0, refused: 0 };
    // As it comes out of a payload.
    const sent = fc.oneof(runRequest, valid(world.platform.name)).map((input): unknown => {
      const json = JSON.stringify(input);
      return json === undefined ? null : JSON.parse(json);
    });
    await fc.assert(
      fc.asyncProperty(fc.array(sent, { minLength: atOnce, maxLength: atOnce }), async (inputs) => {
        await Promise.all(
          inputs.map(async (input) => {
            const wanted = expected(input);
            const request = wanted === 'planned' ? asPlan(input) : input;
            const run = await world.start('deploy', request);
            if (wanted === 'planned') {
              counts.planned += 1;
              expect(await world.report(run)).toMatchObject({ outcome: 'planned', changed: false });
            } else {
              counts.refused += 1;
              const { code } = await failureFacts(run);
              expect([wanted, 'RB_INPUT_TOO_LARGE']).toContain(code);
            }
          }),
        );
        await expectUntouched(world.platform);
      }),
      { numRuns: cases / atOnce, seed: proof.seed, endOnFailure: true },
    );
    expect(Math.min(counts.planned, counts.refused)).toBeGreaterThan(0);
    await proof.shown(cases, counts);
  },
  casesOf(240_000, 3_600_000),
);

const asPlan = (input: unknown): unknown => {
  const { options, ...rest } = input as { options?: object };
  return { ...rest, options: { ...options, plan: true } };
};

const valid = (platform: string) =>
  fc.constantFrom(
    {},
    { platform },
    { platform, params: { removeOrphans: true } },
    { platform, meta: { by: '\u202e;$(id)', reason: '__proto__' } },
  );
