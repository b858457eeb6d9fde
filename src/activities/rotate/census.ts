import { RunbookError } from '../../shared/errors.ts';
import { pinnedOnce } from '../run-pin.ts';
import { type OpenedCredential, versionInService } from './open-credential.ts';

/**
 * Counts what the service keeps, right before a run changes the credential. The first count of a run stands; before
 * that, what the run itself does to other credentials of the service would show as lost.
 */
export async function countOnce(own: OpenedCredential): Promise<Readonly<Record<string, number>>> {
  const { opened, secret, target, type } = own;
  if (type.census === undefined) return {};
  return pinnedOnce(opened.attempt, `census-${secret}`, async () =>
    countNow(own, await versionInService(own, target)),
  );
}

/** What somebody else makes meanwhile is no loss. */
export async function requireNothingLost(own: OpenedCredential, version: string): Promise<void> {
  const before = await countOnce(own);
  const after = await countNow(own, version);
  const lost = Object.keys(before).filter((what) => (before[what] ?? 0) > (after[what] ?? 0));
  if (lost.length === 0) return;
  throw new RunbookError('RB_CENSUS_CHANGED', `${own.credential.service} has lost something`, {
    why: lost.map((what) => `${what}: ${before[what]} before, ${after[what] ?? 0} now`).join('\n'),
    fix: 'look what has become of them; undo brings the old value back',
    retry: 'never',
  });
}

const countNow = async ({ type, read, proving }: OpenedCredential, version: string) =>
  (await type.census?.(await proving(), await read(version))) ?? {};
