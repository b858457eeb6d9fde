import { dirname } from 'node:path';
import { takesOf } from '../../shared/credential-schema.ts';
import { durationMs } from '../../shared/duration-ms.ts';
import { refuse } from '../../shared/errors.ts';
import type { StepContext } from '../../shared/step-context.ts';
import type { LogicalService } from '../docker/logical-services.ts';
import { openPlatform, type PlatformDependencies } from '../opened-platform.ts';
import { pinnedOnce } from '../run-pin.ts';
import { deliveredVersion } from '../secrets/deliver.ts';
import { deliveriesOfSecret } from '../secrets/deliveries.ts';
import { requireWritable } from '../write-failure.ts';
import { variablesWith } from './in-environment.ts';
import { notCovered, type OpenedCredential, openCredential } from './open-credential.ts';
import { requireAccepted } from './prove.ts';
import type { RotationConsumer, RotationTarget } from './target.ts';
import { changeWords } from './words.ts';

export interface LookInput {
  /** None: what is due. */
  readonly secrets: readonly string[];
  readonly all: boolean;
  /** They are known to others: sessions of the old values are ended at once. */
  readonly leaked: boolean;
}

export interface RotationPlan {
  readonly targets: readonly RotationTarget[];
  /** Secrets that nobody can rotate yet, by name and with the reason. */
  readonly notCovered: readonly string[];
  /** Covered, and not old enough. */
  readonly notDue: readonly string[];
}

const dayMs = 24 * 3_600_000;

export const createLookActivities = (deps: PlatformDependencies) => ({
  /** Reads, and keeps the first answer, so that a retry does not rotate what this run has rotated. */
  async rotationTargets(_ctx: StepContext, input: LookInput): Promise<RotationPlan> {
    const { attempt } = await openPlatform(deps);
    return pinnedOnce(attempt, 'rotation-targets', () => look(deps, input));
  },
});

async function look(deps: PlatformDependencies, input: LookInput): Promise<RotationPlan> {
  const { platform, services } = await openPlatform(deps);
  const names = input.secrets.length > 0 ? input.secrets : Object.keys(platform.secrets.items);
  const plan = {
    targets: [] as RotationTarget[],
    notCovered: [] as string[],
    notDue: [] as string[],
  };
  const problems: string[] = [];
  for (const name of names) {
    if (platform.secrets.items[name]?.credential === undefined && input.secrets.length === 0) {
      plan.notCovered.push(`${name}: the platform file does not say what it opens`);
      continue;
    }
    const own = await openCredential(deps, name);
    if (input.secrets.length === 0 && !input.all && !(await isDue(own))) {
      plan.notDue.push(name);
      continue;
    }
    const found = await compareWithStore(own);
    if ('problems' in found) {
      problems.push(...found.problems);
      continue;
    }
    const { current, inService } = found;
    const variables = await variablesWith(own, current);
    if (variables.length > 0) {
      const why = `${variables.join(', ')} of the environment file has the value too: who takes it from there would be locked out`;
      if (input.secrets.length > 0) throw notCovered(name, why, elsewhere);
      plan.notCovered.push(`${name}: ${why}`);
      continue;
    }
    await requireMeans(own);
    await requireAccepted(own, inService);
    plan.targets.push(await targetOf(own, services, current, input.leaked));
  }
  if (problems.length > 0) throw foreign(problems);
  return plan;
}

/** Older than it may be, or on its way already. */
async function isDue({ store, secret, credential }: OpenedCredential): Promise<boolean> {
  const { current, pending } = await store.labels(secret);
  if (pending !== undefined) return true;
  const own = (await store.versions(secret)).find(({ version }) => version === current);
  const maxAgeMs = Number.parseInt(credential.maxAge, 10) * dayMs;
  return own === undefined || Date.now() - Date.parse(own.mintedAt) >= maxAgeMs;
}

/** What the first change needs: an administrator whom the service admits, and folders that can be written. */
async function requireMeans({ type, target, store, secret, opened }: OpenedCredential) {
  await type.requireAdministrator?.(target);
  await store.requireWritable(secret);
  for (const { path } of deliveriesOfSecret(opened.platform, secret)) {
    await requireWritable(dirname(path));
  }
}

interface Standing {
  /** By the store's label. */
  readonly current: string;
  /** That, or the pending one: an earlier run may have come as far as the set. */
  readonly inService: string;
}

/** Which version the service has, or what somebody has changed by hand since; on such ground nothing is built. */
async function compareWithStore(
  own: OpenedCredential,
): Promise<Standing | { readonly problems: readonly string[] }> {
  const { store, secret, type, opened } = own;
  const { current, pending } = await store.labels(secret);
  if (current === undefined)
    return { problems: [`${secret}: it has no value yet; run a deploy first`] };
  const problems: string[] = [];
  const holds = async (version: string) => type.holds(await own.proving(), await own.read(version));
  const holding = await holds(current);
  const goesOn = pending !== undefined && (await holds(pending)) === 'this';
  const { login } = await own.read(current);
  if (holding === 'missing' && !goesOn)
    problems.push(`${secret}: ${own.credential.service} knows no ${login}`);
  if (holding === 'another' && !goesOn) {
    problems.push(
      `${secret}: ${own.credential.service} has another value for ${login} than the store`,
    );
  }
  for (const [consumer, version] of Object.entries(
    await deliveredVersion(opened.platform, secret),
  )) {
    if (version === 'foreign')
      problems.push(`${secret}: the file of ${consumer} holds a value that is not in the store`);
  }
  return problems.length > 0 ? { problems } : { current, inService: goesOn ? pending : current };
}

async function targetOf(
  own: OpenedCredential,
  services: readonly LogicalService[],
  current: string,
  leaked: boolean,
): Promise<RotationTarget> {
  const { secret, credential, type } = own;
  const { login } = await own.read(current);
  const consumers = consumersOf(own, services);
  const facts = {
    name: secret,
    service: credential.service,
    type: credential.type,
    strategy: credential.strategy,
    from: current,
    login,
    takenAtStart: type.takenAtStart === true,
    consumers,
    survivors: leaked ? ('terminate' as const) : credential.survivors,
    drainMs: durationMs(credential.drainTime),
  };
  return {
    ...facts,
    now: `${current} opens ${login}`,
    change: changeWords(facts),
  };
}

/** Those that read it at their own next start only have nothing to do now, nor has a job, which nobody starts for it. */
function consumersOf(
  { item, opened }: OpenedCredential,
  services: readonly LogicalService[],
): readonly RotationConsumer[] {
  return Object.entries(item.deliver).flatMap(([name, reader]) => {
    const takes = takesOf(reader);
    const service = services.find(({ members }) => members.includes(name));
    if (takes === 'start' || service === undefined) return [];
    if (opened.open(service.name).kind.finishes === 'always') return [];
    const { minHealthyMs, healthTimeoutMs } = service;
    return [{ name, service: service.name, takes, minHealthyMs, healthTimeoutMs }];
  });
}

const elsewhere =
  'move these places as well (what keeps them stands in `runbook start migrate-secrets --plan`), or take the variable out of the file';

const foreign = (problems: readonly string[]) =>
  refuse(
    'RB_SECRET_FOREIGN',
    'somebody has changed a secret by hand',
    problems.join('\n'),
    'is it the right account (`credential` in the platform file)? then set what the store has in force again in the service, as the delivered files have it, and retry; a file is written anew by `runbook start deploy`, once this run has ended',
  );
