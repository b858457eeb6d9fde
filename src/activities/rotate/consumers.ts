import { RunbookError } from '../../shared/errors.ts';
import type { StepContext } from '../../shared/step-context.ts';
import type { PlatformDependencies } from '../opened-platform.ts';
import { type DeliveredVersion, deliveredVersion } from '../secrets/deliver.ts';
import { waitUntilReady } from '../wait-until-ready.ts';
import { requireNothingLost } from './census.ts';
import { setAt } from './delivery-time.ts';
import { note, noted } from './journal.ts';
import { type OpenedCredential, openCredential } from './open-credential.ts';
import { type Proof, requireAccepted } from './prove.ts';
import { notYet, type TakeInput } from './take.ts';
import type { Rotation } from './target.ts';

export interface MeasuredGap {
  /** From the moment the service had the new value, or the consumer went down, until the consumer was well again. */
  readonly gapMs: number;
}

export const createConsumerActivities = (deps: PlatformDependencies) => ({
  /** Writes to the journal only, the first figure of a run stands, so a retry is safe. */
  async measureGap(_ctx: StepContext, input: TakeInput): Promise<MeasuredGap> {
    const { target, version, consumer } = input;
    const own = await openCredential(deps, target.name);
    const known = await noted(own, version, 'proved', consumer.name);
    const isOurs = known?.run === own.opened.attempt.ctx.run;
    if (isOurs && typeof known?.facts?.gapMs === 'number') return { gapMs: known.facts.gapMs };
    const since =
      target.strategy === 'single'
        ? await setAt(own, version)
        : ((await noted(own, version, 'taking', consumer.name))?.at ?? (await setAt(own, version)));
    const gapMs = since === undefined ? 0 : Math.max(0, Date.now() - Date.parse(since));
    await note(own, version, 'proved', { consumer: consumer.name, gapMs });
    return { gapMs };
  },

  /** Logs in and reads, so a retry is safe. */
  async proveConsumers(_ctx: StepContext, { target, version }: Rotation): Promise<Proof> {
    const own = await openCredential(deps, target.name);
    const problems = [...(await filesBehind(own, version))];
    for (const consumer of target.consumers) {
      const left = await notYet(deps, own, version, consumer);
      if (left.length > 0) problems.push(`${consumer.name} started before its file was delivered`);
    }
    if (problems.length > 0) throw behind(own, version, problems);
    for (const { service } of target.consumers) await waitUntilReady(deps, own.opened, service);
    const settled = await settle(own, target.login, version);
    const words = [await requireAccepted(own, version), ...settled].join('; ');
    await requireNothingLost(own, version);
    await note(own, version, 'proved', { by: words });
    const names = target.consumers.map(({ name }) => name);
    return {
      words: `${names.join(', ') || 'nobody reads it'}: file, start and health; a login by their route: ${words}`,
    };
  },
});

/** Members of the service that log in to each other. */
async function settle(own: OpenedCredential, login: string, version: string): Promise<string[]> {
  const since = own.type.settle && (await setAt(own, version));
  if (own.type.settle === undefined || since === undefined) return [];
  return [(await own.type.settle(own.target, login, since)).words];
}

/** Throws where a file does not have the version. */
export async function requireDelivered(own: OpenedCredential, version: string): Promise<void> {
  const problems = await filesBehind(own, version);
  if (problems.length > 0) throw behind(own, version, problems);
}

async function filesBehind({ opened, secret }: OpenedCredential, version: string) {
  const delivered = Object.entries(await deliveredVersion(opened.platform, secret));
  return delivered
    .filter(([, held]) => held !== version)
    .map(([consumer, held]) => `the file of ${consumer} has ${heldWords(held)}`);
}

const heldWords = (held: DeliveredVersion) =>
  held === 'foreign' ? 'a value that is not in the store' : held;

const behind = ({ secret }: OpenedCredential, version: string, problems: readonly string[]) =>
  new RunbookError('RB_CONSUMER_BEHIND', `not every consumer of ${secret} uses ${version}`, {
    why: problems.join('\n'),
    fix: 'undo: every file is written anew, and everything goes back to the old value; then start it again',
  });
