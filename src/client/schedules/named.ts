import { didYouMean } from '../../shared/nearest.ts';
import { CommandError } from '../errors.ts';
import type { Schedules } from './api.ts';

/**
 * The id of a schedule by what somebody calls it: the id itself, or its name in the platform file when only one platform
 * has a schedule of that name.
 */
export async function scheduleNamed(
  given: string,
  schedules: Pick<Schedules, 'list'>,
): Promise<string> {
  if (given.includes('/')) return given;
  const ids = (await schedules.list()).map(({ id }) => id);
  const [only, another] = ids.filter((id) => id.split('/').at(-1) === given);
  if (only !== undefined && another === undefined) return only;
  throw new CommandError(
    'RB_SCHEDULE_UNKNOWN',
    only === undefined ? `there is no schedule ${given}` : `several schedules are called ${given}`,
    {
      why:
        only === undefined
          ? `the server does not know it${didYouMean(
              given,
              ids.map((id) => id.split('/').at(-1) ?? id),
            )}`
          : ids.filter((id) => id.endsWith(`/${given}`)).join(', '),
      fix: 'see the known ones with runbook schedule list; make it with runbook schedule apply',
      context: { changed: false },
    },
  );
}
