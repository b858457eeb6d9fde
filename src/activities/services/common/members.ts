import type { HealthVerdict, MemberFacts, ServiceHandle } from '../kind.ts';

/** What a check found out about one member, in a few words. */
export interface MemberVerdict {
  readonly member: string;
  readonly ok: boolean;
  readonly words: string;
  /** What its own check printed (`HealthVerdict.detail`). */
  readonly detail?: string | undefined;
}

/** A member's container in words, for when its own voice cannot be asked. */
export function containerWords(facts: MemberFacts | undefined): string {
  if (facts === undefined) return 'no container';
  if (facts.state === 'exited' || facts.state === 'dead') return `ended (exit ${facts.exitCode})`;
  return facts.running ? 'running' : facts.state;
}

/** Asks every running member and gives the others' state; the members are asked side by side. */
export async function askMembers(
  service: ServiceHandle,
  ask: (member: string) => Promise<Omit<MemberVerdict, 'member'>>,
): Promise<readonly MemberVerdict[]> {
  const facts = await service.facts();
  return Promise.all(
    service.members.map(async (member) => {
      const own = facts.find((fact) => fact.member === member);
      if (!own?.running) return { member, ok: false, words: containerWords(own) };
      return { member, ...(await ask(member)) };
    }),
  );
}

export const unhealthyOf = (verdicts: readonly MemberVerdict[]): readonly string[] =>
  verdicts.filter(({ ok }) => !ok).map(({ member }) => member);

/** For members that do the same work: one that answers opens the gate, all of them are healthy. */
export function interchangeable(verdicts: readonly MemberVerdict[]): HealthVerdict {
  const bad = verdicts.filter(({ ok }) => !ok);
  const [first] = verdicts;
  const alone = verdicts.length === 1 && first !== undefined;
  const details = bad.flatMap(({ member, detail }) =>
    detail === undefined ? [] : [alone ? detail : `${member}: ${detail}`],
  );
  const count = `${verdicts.length - bad.length} of ${verdicts.length} members answer`;
  return {
    ready: bad.length < verdicts.length,
    healthy: bad.length === 0,
    summary: alone
      ? first.words
      : [count, ...bad.map(({ member, words }) => `${member}: ${words}`)].join(', '),
    ...(details.length === 0 ? {} : { detail: details.join(', ') }),
    unhealthy: unhealthyOf(verdicts),
  };
}
