import type { RestartTarget } from '../activities/restart.ts';
import { count } from '../report/text.ts';
import { formatDuration } from '../report/time.ts';
import type { BoundActivities } from './engine/activities.ts';
import type { TargetStep } from './engine/each.ts';
import { runbook } from './engine/runbook.ts';
import { readConfig } from './platform-steps.ts';

/** Restarts services as they are, in order of their dependencies, each behind its health gate. */
export const restart = runbook(async (run) => {
  await readConfig(run);
  const targets = await run.step({
    id: 'look',
    title: 'Look which members restart, and in which order',
    risk: 'read',
    needed: true,
    act: (a) => a.restartTargets({ services: run.params.services as readonly string[] }),
    result: (found) => `${count(found.length, 'service')}: ${found.map(memberWords).join('; ')}`,
  });
  const pace = {
    id: 'restart',
    title: 'Restart services',
    max: () => run.params.max as number,
    maxErrors: () => run.params.maxErrors as number,
  };
  await run.each(targets, pace, restartOne);
});

const memberWords = ({ name, members, together }: RestartTarget) =>
  members.length === 1 ? name : `${name} (${members.join(together ? ' + ' : ', ')})`;

function restartOne(target: RestartTarget): TargetStep<unknown> {
  const { name: service, minHealthyMs, healthTimeoutMs } = target;
  return {
    title: `Restart ${service}`,
    risk: 'reversible',
    probe: (a) => a.restartVerdict({ target }),
    act: (a) => restartMembers(a, target),
    verify: async (a) => {
      const { readyAt, summary, waitedMs } = await a.awaitReady({ service });
      await a.settle({ targets: [{ service, gateOpenedAt: readyAt, minHealthyMs }] });
      return `${restartedWords(target)}, ${summary} after ${formatDuration(waitedMs)}`;
    },
    keeps: 'a restart cannot be taken back; the containers stay as they are',
    actLimit: healthTimeoutMs + 300_000,
    verifyLimit: healthTimeoutMs + minHealthyMs + 90_000,
  };
}

const restartedWords = ({ members, together }: RestartTarget) =>
  `restarted ${members.join(', ')}${together ? '' : ' one by one'}`;

async function restartMembers(a: BoundActivities, target: RestartTarget): Promise<void> {
  const { service, members, together } = target;
  if (together) {
    await a.restartMembers({ target, members });
    return;
  }
  for (const member of members) {
    await a.restartMembers({ target, members: [member] });
    await a.awaitMember({ service, member });
  }
}
