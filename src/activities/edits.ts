import { isNamesParam } from '../shared/names-param.ts';
import { namesOf } from '../shared/platform-file.ts';
import { formatPath } from '../shared/problems.ts';
import { paramProblems } from '../shared/run-input.ts';
import type { StepContext } from '../shared/step-context.ts';
import { currentAttempt } from './attempt.ts';
import { readDefinition } from './resolve.ts';

export interface EditsInput {
  /** As the run has them. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Those that are to change. */
  readonly edits: Readonly<Record<string, unknown>>;
}

export interface CheckedEdits {
  /** Why they cannot be taken, one line each: `params.max: expected ..., got ...`. */
  readonly problems: readonly string[];
}

export const createEditActivities = (deps: { readonly definitionsDirectory: string }) => ({
  /** Reads only, so a retry is always safe. */
  async checkEdits(ctx: StepContext, { params, edits }: EditsInput): Promise<CheckedEdits> {
    const { params: definitions } = await readDefinition(deps.definitionsDirectory, ctx.runbook);
    const platform = await currentAttempt().platform();
    const problems = paramProblems({ ...params, ...edits }, definitions, namesOf(platform)).map(
      ({ path, text }) => `${formatPath(path)}: ${text}`,
    );
    const fixed = Object.keys(edits)
      .filter((name) => Object.hasOwn(definitions, name) && isNamesParam(definitions[name]?.type))
      .map(
        (name) =>
          `params.${name}: expected no change, the run's locks follow from it; decide skip, and start another run`,
      );
    return { problems: [...problems, ...fixed] };
  },
});
