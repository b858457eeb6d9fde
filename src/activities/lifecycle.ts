import { RunbookError, refuse } from '../shared/errors.ts';
import type { ProbeVerdict } from '../shared/run-state.ts';
import type { StepContext } from '../shared/step-context.ts';
import type { ServiceComparison } from './compare.ts';
import {
  type OpenedPlatform,
  type OpenedService,
  openPlatform,
  type PlatformDependencies,
} from './opened-platform.ts';
import { awaitAnswer } from './poll.ts';
import { compareNow, differenceWords, up } from './service-state.ts';
import type { HealthVerdict } from './services/kind.ts';
import type { ReadyService, ServiceInput, StartedService } from './services.ts';
import { notHealthy, verdictWords } from './wait-until-ready.ts';

export interface RestartOrder {
  /** True: no order, `startService` for the whole service. */
  readonly together: boolean;
  /** The members that need a change, in the order in which they may go down. */
  readonly members: readonly string[];
  readonly why: string;
}

export interface MemberInput extends ServiceInput {
  readonly member: string;
}

export interface LifecycleActivities {
  restartOrder(ctx: StepContext, input: ServiceInput): Promise<RestartOrder>;
  memberVerdict(ctx: StepContext, input: MemberInput): Promise<ProbeVerdict>;
  restartMember(ctx: StepContext, input: MemberInput): Promise<StartedService>;
  awaitMember(ctx: StepContext, input: MemberInput): Promise<ReadyService>;
}

export function createLifecycleActivities(deps: PlatformDependencies): LifecycleActivities {
  return {
    /** Reads only, so a retry is always safe. */
    async restartOrder(_ctx, { service }) {
      const opened = await openPlatform(deps);
      const { handle, kind } = opened.open(service);
      const comparison = await compareNow(deps, opened, service);
      const changing = comparison.members
        .filter(({ action }) => action !== 'unchanged')
        .map(({ member }) => member);
      const together = (why: string) => ({ together: true, members: changing, why });
      if (handle.members.length === 1) return together('a single member');
      const running = (await handle.facts()).some((fact) => fact.running);
      if (!running) return together('no member runs, so there is nothing to keep up');
      const order = (await kind.lifecycle?.restartOrder(handle)) ?? 'together';
      if (order === 'together') return together('its members keep no state between them');
      const why = `one by one: ${order.join(', ')}`;
      return { together: false, members: order.filter((name) => changing.includes(name)), why };
    },

    /** Reads only, so a retry is always safe. */
    async memberVerdict(_ctx, input) {
      const opened = await openPlatform(deps);
      const own = memberOf(await compareNow(deps, opened, input.service), input);
      if (own.action !== 'unchanged') {
        const change = `${own.action} ${input.member}, when the others are well${differenceWords(own)}`;
        return { state: 'absent', now: own.reason, change };
      }
      const { health, handle } = opened.open(input.service);
      const verdict = await health.check(handle);
      return isMemberWell(verdict, input.member)
        ? { state: 'in-place', now: verdict.summary }
        : { state: 'absent', now: verdict.summary, change: 'wait until it is well' };
    },

    /** Moving leadership away and `up` both do nothing the second time, so a retry is safe. */
    async restartMember(_ctx, input) {
      const opened = await openPlatform(deps);
      const own = memberOf(await compareNow(deps, opened, input.service), input);
      if (own.action === 'unchanged') return { summary: `${input.member} is as it should be` };
      const service = opened.open(input.service);
      const runs = (await service.handle.facts()).some(
        (fact) => fact.member === input.member && fact.running,
      );
      if (runs) await makeSafe(opened, service, input.member);
      await up(deps, opened, [input.member]);
      return { summary: `${own.action} ${input.member}` };
    },

    /** Reads only, so a retry is always safe. */
    async awaitMember(_ctx, { service: name, member }) {
      const { attempt, open } = await openPlatform(deps);
      const service = open(name);
      const startedAt = Date.now();
      let last: HealthVerdict | undefined;
      const verdict = await awaitAnswer(attempt, {
        timeoutMs: service.service.healthTimeoutMs,
        words: () => `${member}: ${last === undefined ? '' : verdictWords(last)}`,
        check: async () => {
          last = await service.health.check(service.handle);
          return isMemberWell(last, member) ? last : undefined;
        },
      });
      if (verdict === undefined) throw await notHealthy(deps, service, last);
      const readyAt = new Date().toISOString();
      return { summary: verdict.summary, readyAt, waitedMs: Date.now() - startedAt };
    },
  };
}

const isMemberWell = (verdict: HealthVerdict, member: string): boolean =>
  verdict.ready && !(verdict.unhealthy ?? []).includes(member);

function memberOf(comparison: ServiceComparison, { service, member }: MemberInput) {
  const own = comparison.members.find((candidate) => candidate.member === member);
  if (own === undefined) {
    throw refuse(
      'RB_UNKNOWN_MEMBER',
      `"${member}" is not a member of ${service}`,
      `its members: ${comparison.members.map((candidate) => candidate.member).join(', ')}`,
      'name one of them',
    );
  }
  const reason = comparison.reasons.find((words) => words.startsWith(`${member}: `));
  return { ...own, reason: reason ?? 'as it should be' };
}

/** Leadership first, then the question; while the others are not well, this one must stay up. */
export async function makeSafe(
  { attempt }: OpenedPlatform,
  { handle, kind, service }: OpenedService,
  member: string,
): Promise<void> {
  const { lifecycle } = kind;
  if (lifecycle === undefined) return;
  await attempt.checkFence();
  await lifecycle.prepareRestart?.(handle, member);
  let why = '';
  const allowed = await awaitAnswer(attempt, {
    timeoutMs: service.healthTimeoutMs,
    words: () => `${member} to be allowed down: ${why}`,
    check: async () => {
      const permission = await lifecycle.mayRestart(handle, member);
      if (permission.why !== why) attempt.log(`${member}: ${permission.why}`);
      why = permission.why;
      return permission.allowed ? true : undefined;
    },
  });
  if (allowed) return;
  throw new RunbookError('RB_MAY_NOT_RESTART', `${member} may not go down now`, {
    why: `${why}, for ${service.healthTimeoutMs / 1000} s`,
    fix: 'bring the other members back first, then retry',
  });
}
