import type { ErrorFacts } from '../../shared/errors.ts';

/** What the worker says of a request, with a fix for who wrote flags: its own is for who writes JSON. */
export function refusedRequest(runbook: string, refused: ErrorFacts): ErrorFacts {
  if (refused.code !== 'RB_INPUT_INVALID') return refused;
  const fix = `correct the flags or the file of --vars; runbook show ${runbook} says what it takes`;
  return { ...refused, fix: isPlatformUnknown(refused) ? `${fix}; ${howPlatformsAreLearnt}` : fix };
}

/** A name may be right, and only the worker does not know it. */
function isPlatformUnknown({ why = '' }: ErrorFacts): boolean {
  const line = why.split('\n').find((problem) => problem.startsWith('platform: '));
  if (line === undefined) return false;
  return !line.endsWith('got nothing') || line.includes('knows none');
}

const howPlatformsAreLearnt =
  'a worker learns of platforms when it starts: runbook down, then runbook up --platform FILE ' +
  'with every file (or RUNBOOK_PLATFORMS of the worker)';
