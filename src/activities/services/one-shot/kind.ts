import { containerWords } from '../common/members.ts';
import { together } from '../common/together.ts';
import type { ServiceKind } from '../kind.ts';
import { recognize } from './recognize.ts';

interface JobMember {
  readonly member: string;
  readonly done: boolean;
  readonly words: string;
}

function unfinishedWords(members: readonly JobMember[]): string {
  const [first] = members;
  if (members.length === 1 && first !== undefined) return first.words;
  return members
    .filter(({ done }) => !done)
    .map(({ member, words }) => `${member}: ${words}`)
    .join(', ');
}

/** A job: done when it has ended with exit code 0, failed when it has ended with another. */
export const oneShot: ServiceKind = {
  kind: 'one-shot',
  recognize,
  finishes: 'always',
  lifecycle: together,
  health: {
    async check(service) {
      const facts = await service.facts();
      const members = service.members.map((member) => {
        const own = facts.find((fact) => fact.member === member);
        const ended = own?.state === 'exited' || own?.state === 'dead';
        const done = ended && own.exitCode === 0;
        return { member, done, broken: ended && !done, words: containerWords(own) };
      });
      const done = members.every((member) => member.done);
      const broken = members.filter((member) => member.broken);
      return {
        ready: done,
        healthy: done,
        failed: broken.length > 0,
        unhealthy: members.filter((member) => !member.done).map(({ member }) => member),
        summary: done ? 'finished (exit 0)' : unfinishedWords(members),
      };
    },
  },
};
