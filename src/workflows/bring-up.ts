import type { Comparison, ServiceComparison } from '../activities/compare.ts';
import type { ServiceSummary } from '../activities/compose.ts';
import type { RestoreInput } from '../activities/services.ts';
import type { SettleTarget } from '../activities/verify.ts';
import type { BoundActivities } from './engine/activities.ts';
import type { Run } from './engine/run.ts';

/** When the gate of each service that this run touched opened. */
export type Gates = Map<string, SettleTarget>;

type Restore = (a: BoundActivities, target: RestoreInput) => Promise<unknown>;

const fromRelease: Restore = (a, target) => a.restoreService(target);

/** Starts one service behind its health gate; members that hold state go down one at a time. */
export async function bringUp(
  run: Run,
  service: ServiceSummary,
  before: Comparison,
  pendingImages: readonly string[],
  gates: Gates,
  restore: Restore = fromRelease,
): Promise<void> {
  const was = before.services.find(({ name }) => name === service.name);
  const members = was?.members ?? [];
  if (was?.action === 'recreate' && members.length > 1) {
    const rolled = await restartOneByOne(run, service, was, restore);
    if (rolled && run.mode === 'plan') return;
  }
  const { name, minHealthyMs } = service;
  await run.step<unknown>({
    id: `start-${name}`,
    title: `Start ${name}`,
    risk: 'reversible',
    probe: (a) => a.serviceVerdict({ service: name, pendingImages }),
    act: (a) => a.startService({ service: name }),
    verify: async (a) => {
      const { readyAt, summary } = await a.awaitReady({ service: name });
      gates.set(name, { service: name, gateOpenedAt: readyAt, minHealthyMs });
      return summary;
    },
    undo: (a) => restore(a, { service: name, members }),
    actLimit: '5m',
    verifyLimit: service.healthTimeoutMs + 90_000,
  });
}

/** True when the kind asked for an order; the start step that follows is then the last gate. */
async function restartOneByOne(
  run: Run,
  { name, healthTimeoutMs }: ServiceSummary,
  was: ServiceComparison,
  restore: Restore,
): Promise<boolean> {
  const order = await run.step({
    id: `order-${name}`,
    title: `Decide the restart order of ${name}`,
    risk: 'read',
    needed: true,
    act: (a) => a.restartOrder({ service: name }),
    result: ({ why }) => why,
  });
  if (order.together) return false;
  for (const member of order.members) {
    await run.step<unknown>({
      id: `restart-${member}`,
      title: `Restart ${member} of ${name}`,
      risk: 'reversible',
      probe: (a) => a.memberVerdict({ service: name, member }),
      act: (a) => a.restartMember({ service: name, member }),
      verify: async (a) => (await a.awaitMember({ service: name, member })).summary,
      undo: (a) =>
        restore(a, {
          service: name,
          members: was.members.filter((fact) => fact.member === member),
        }),
      actLimit: '5m',
      verifyLimit: healthTimeoutMs + 90_000,
    });
  }
  return true;
}
