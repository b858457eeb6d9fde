import { setTimeout as wait } from 'node:timers/promises';
import { count } from '../report/text.ts';
import { RunbookError } from '../shared/errors.ts';
import type { Attempt } from './attempt.ts';
import type { OpenedPlatform, OpenedService } from './opened-platform.ts';
import type { MemberFacts } from './services/kind.ts';
import type { Settled, SettleTarget } from './verify.ts';

const pollMs = 500;
/** Clocks of the workflow's server and of this host may differ a little. */
const clockToleranceMs = 2000;

interface Watch {
  readonly target: SettleTarget;
  readonly opened: OpenedService;
  readonly until: number;
  /** Starts and restarts of each container at the first look. */
  first?: ReadonlyMap<string, string>;
}

/** Watches all services until each has been ready for its minimum time since its gate opened. */
export async function settleServices(
  { attempt, open }: OpenedPlatform,
  targets: readonly SettleTarget[],
): Promise<Settled> {
  const startedAt = Date.now();
  tellWatched(attempt, targets, startedAt);
  let watches: readonly Watch[] = targets.map((target) => ({
    target,
    opened: open(target.service),
    until: Date.parse(target.gateOpenedAt) + target.minHealthyMs,
  }));
  while (watches.length > 0) {
    attempt.signal.throwIfAborted();
    const askedAt = Date.now();
    await Promise.all(watches.map(look));
    // Looked at after its time was up: it has been ready all along.
    watches = watches.filter((watch) => askedAt < watch.until);
    const next = Math.min(pollMs, ...watches.map(({ until }) => Math.max(20, until - Date.now())));
    if (watches.length > 0) await wait(next, undefined, { signal: attempt.signal });
  }
  if (targets.length > 0) attempt.waitsFor(undefined);
  const summary =
    targets.length === 0
      ? 'nothing was started or replaced'
      : `${count(targets.length, 'service')} stayed ready`;
  return { summary, waitedMs: Date.now() - startedAt };
}

function tellWatched({ waitsFor }: Attempt, targets: readonly SettleTarget[], nowMs: number): void {
  if (targets.length === 0) return;
  const ends = targets.map(
    ({ gateOpenedAt, minHealthyMs }) => Date.parse(gateOpenedAt) + minHealthyMs,
  );
  waitsFor({
    for: `${targets.map(({ service }) => service).join(', ')} to stay ready`,
    since: new Date(nowMs).toISOString(),
    timeoutMs: Math.max(0, ...ends.map((end) => end - nowMs)),
  });
}

async function look(watch: Watch): Promise<void> {
  const { health, handle } = watch.opened;
  const [verdict, facts] = await Promise.all([health.check(handle), handle.facts()]);
  const { service, gateOpenedAt } = watch.target;
  if (!verdict.ready) throw flapped(service, verdict.summary);
  const restarted = facts.find((fact) => hasRestarted(fact, watch, Date.parse(gateOpenedAt)));
  if (restarted !== undefined) {
    throw flapped(service, `${restarted.member} started again at ${restarted.startedAt}`);
  }
  watch.first ??= new Map(facts.map((fact) => [fact.containerId, lifeOf(fact)]));
}

const lifeOf = (fact: MemberFacts) => `${fact.restartCount} ${fact.startedAt}`;

function hasRestarted(fact: MemberFacts, { first }: Watch, gateOpenedMs: number): boolean {
  if (Date.parse(fact.startedAt) > gateOpenedMs + clockToleranceMs) return true;
  return first !== undefined && first.get(fact.containerId) !== lifeOf(fact);
}

const flapped = (service: string, why: string) =>
  new RunbookError('RB_FLAPPED', `${service} did not stay ready`, {
    why,
    fix: 'correct the cause that its log names (docker logs MEMBER), then try again',
    retry: 'never',
  });
