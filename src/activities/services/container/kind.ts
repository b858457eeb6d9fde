import type { FailedHealthCheck } from '../../docker/container-facts.ts';
import { containerWords, interchangeable, type MemberVerdict } from '../common/members.ts';
import { together } from '../common/together.ts';
import type { MemberFacts, ServiceKind } from '../kind.ts';
import { recognize } from './recognize.ts';

function judge(own: MemberFacts | undefined): Omit<MemberVerdict, 'member'> {
  if (own?.state === 'exited' && own.exitCode === 0 && !own.restartsOnSuccess) {
    return { ok: true, words: 'finished (exit 0)' };
  }
  if (!own?.running) return { ok: false, words: containerWords(own) };
  if (own.dockerHealth === 'none') return { ok: true, words: 'running, no health check' };
  const { dockerHealth, lastHealthCheck } = own;
  return {
    ok: dockerHealth === 'healthy',
    words: dockerHealth,
    detail: lastHealthCheck && checkWords(lastHealthCheck),
  };
}

function checkWords({ failures, retries, output }: FailedHealthCheck): string {
  const failed = failuresInWords(failures, retries);
  return output === '' ? failed : `${failed}: ${output.replaceAll(/\s+/g, ' ')}`;
}

function failuresInWords(failures: number, retries: number): string {
  if (failures === 0) return 'health check failed, in its start period';
  return failures > retries
    ? `health check failed ${failures} times in a row`
    : `health check ${failures} of ${retries} failed`;
}

/** What is left for a compose service that the platform file does not describe: Docker's own word. */
export const container: ServiceKind = {
  kind: 'container',
  recognize,
  finishes: 'unless-restarted',
  lifecycle: together,
  health: {
    async check(service) {
      const facts = await service.facts();
      return interchangeable(
        service.members.map((member) => ({
          member,
          ...judge(facts.find((fact) => fact.member === member)),
        })),
      );
    },
  },
};
