import { describeValue, oneOf, type Problem } from './problems.ts';
import type { RequestContext } from './run-input.ts';

/** Why a run cannot tell from its input on which platform it is; undefined when it can. */
export function platformProblem(platform: unknown, context: RequestContext): Problem | undefined {
  const problem = (given: string): Problem => ({
    path: ['platform'],
    text: `expected ${expectation(context, platform)}, got ${given}`,
    at: 'value',
  });
  if (platform === undefined) {
    return context.defaultPlatform === undefined ? problem('nothing') : undefined;
  }
  // Text of another kind is a problem of the schema already.
  if (typeof platform !== 'string' || context.platforms.includes(platform)) return undefined;
  return problem(describeValue(platform));
}

function expectation({ platforms, unread = [] }: RequestContext, given: unknown): string {
  if (platforms.length === 0) return 'a platform, of which this worker knows none';
  const known = oneOf(platforms, given);
  return unread.length === 0 ? known : `${known} (not read: ${unread.join('; ')})`;
}
