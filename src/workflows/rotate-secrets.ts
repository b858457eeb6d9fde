import { patched } from '@temporalio/workflow';
import type { Retired } from '../activities/rotate/retire.ts';
import type { SwitchedOver } from '../activities/rotate/switch-over.ts';
import type { Rotation, RotationConsumer, RotationTarget } from '../activities/rotate/target.ts';
import { count } from '../report/text.ts';
import { notMinted } from '../shared/not-minted.ts';
import type { BoundActivities } from './engine/activities.ts';
import type { TargetStep } from './engine/each.ts';
import { requireInPlace } from './engine/failures.ts';
import type { Run } from './engine/run.ts';
import { runbook } from './engine/runbook.ts';
import { readConfig } from './platform-steps.ts';

/** Moves credentials to new values: mint, set, deliver, roll, prove, retire, prove, one credential after the other. */
export const rotateSecrets = runbook(async (run) => {
  await readConfig(run);
  const { targets, notCovered } = await run.step({
    id: 'look',
    title: 'Look which secrets are to be rotated, and whether somebody changed one by hand',
    risk: 'read',
    needed: true,
    act: (a) =>
      a.rotationTargets({
        secrets: (run.params.secrets ?? []) as readonly string[],
        all: run.params.all === true,
        leaked: run.params.leaked === true,
      }),
    actLimit: '2m',
    result: (plan) =>
      [due(plan.targets), ...plan.notCovered.map((words) => `not covered: ${words}`)].join('; '),
  });
  for (const value of notCovered) run.find({ name: 'not covered', value });
  for (const target of targets) await rotate(run, target);
});

const due = (targets: readonly RotationTarget[]) =>
  targets.length === 0
    ? 'nothing is due'
    : `${count(targets.length, 'secret')}: ${targets.map(({ name }) => name).join(', ')}`;

async function rotate(run: Run, target: RotationTarget): Promise<void> {
  const { name, service, consumers } = target;
  const minted = await run.step({
    id: `mint-${name}`,
    title: `Mint a new value of ${name}`,
    risk: 'reversible',
    needed: true,
    probe: (a) => a.mintVerdict({ target }),
    act: (a) => a.mintSecret({ target }),
    verify: async (a) => requireInPlace(await a.mintVerdict({ target })),
    undo: async (a) => {
      const { output } = await a.mintVerdict({ target });
      if (output) await a.discardSecret({ target, version: output.version });
    },
    expect: { version: notMinted },
    result: ({ version }) => version,
  });
  const rotation = { target, version: minted.version };

  await run.step<SwitchedOver>({
    id: `switch-${name}`,
    title: `Set the new ${name} in ${service} and deliver it`,
    risk: 'reversible',
    probe: (a) => a.switchVerdict(rotation),
    act: (a) => a.switchSecret(rotation),
    verify: async (a) => {
      requireInPlace(await a.switchVerdict(rotation));
      if (!target.takenAtStart) await a.proveSecret(rotation);
    },
    undo: (a) => goBack(a, rotation),
    actLimit: '1m',
    result: ({ summary }) => summary,
  });

  const taking = consumers.filter((consumer) => !rereads(consumer));
  const pace = {
    id: `take-${name}`,
    title: `Let the consumers of ${name} take it`,
    max: () => run.params.max as number,
    maxErrors: () => 0,
  };
  if (taking.length > 0) await run.each(taking, pace, (consumer) => take(rotation, consumer));

  await run.step({
    id: `consumers-${name}`,
    title: `Prove that every consumer of ${name} uses it`,
    risk: 'read',
    act: async (a) => {
      const proof = await a.proveConsumers(rotation);
      await a.settle({ targets: consumers.filter(rereads).map(settling) });
      return proof;
    },
    inPlan: 'after the consumers took it: files, starts, health and a login',
    actLimit: '5m',
    result: ({ words }) => words,
  });

  let refusal = '';
  await run.step<Retired>({
    id: `retire-${name}`,
    title: `Retire the old ${name} and end its sessions`,
    risk: 'reversible',
    probe: (a) => a.retireVerdict(rotation),
    act: (a) => a.retireSecret({ ...rotation, target: leaked(run, target) }),
    verify: async (a) => {
      refusal = (await a.proveRefused({ target, version: target.from })).words;
    },
    keeps: 'the old value stays refused; another rotation makes a new one',
    actLimit: target.drainMs + 60_000,
    result: ({ summary }) => `${summary}; a login with it: ${refusal}`,
  });

  await run.step<unknown>({
    id: `finish-${name}`,
    title: `Write down that the new ${name} is in force`,
    risk: 'reversible',
    probe: (a) => a.finishVerdict(rotation),
    act: (a) => a.finishSecret(rotation),
    verify: async (a) => requireInPlace(await a.finishVerdict(rotation)),
    keeps: 'it is in force',
  });
  await report(run, rotation);
}

/** That a value has leaked may be known only later: `retry-with`. */
const leaked = (run: Run, target: RotationTarget): RotationTarget =>
  run.params.leaked === true ? { ...target, survivors: 'terminate' } : target;

const rereads = ({ takes }: RotationConsumer) => takes === 'reread';

/** One that reads by itself shows in its health whether it could. */
const settling = ({ service, minHealthyMs }: RotationConsumer) => ({
  service,
  minHealthyMs,
  gateOpenedAt: new Date().toISOString(),
});

/** Service, files and consumers at the old value again, and proved. Once the new one is in force it does nothing. */
async function goBack(a: BoundActivities, rotation: Rotation): Promise<void> {
  const { back } = await a.switchBack(rotation);
  if (!back) return;
  const { consumers } = rotation.target;
  if (patched('tell-all-before-waiting')) {
    // One that is sick must not keep the others from the value that is in force.
    const failures = [
      ...(await toTheLast(consumers, (consumer) => a.takeBack({ ...rotation, consumer }))),
      ...(await toTheLast(consumers, ({ service }) => a.awaitReady({ service }))),
    ];
    if (failures.length > 0) throw failures[0];
  } else {
    for (const consumer of consumers) {
      await a.takeBack({ ...rotation, consumer });
      await a.awaitReady({ service: consumer.service });
    }
  }
  await a.proveSecret({ target: rotation.target, version: rotation.target.from });
}

/** One after the other, whatever becomes of each; what failed. */
async function toTheLast<T>(items: readonly T[], work: (item: T) => Promise<unknown>) {
  const failures: unknown[] = [];
  for (const item of items) await work(item).catch((error: unknown) => failures.push(error));
  return failures;
}

function take(rotation: Rotation, consumer: RotationConsumer): TargetStep<unknown> {
  const { name, service, minHealthyMs, healthTimeoutMs } = consumer;
  return {
    title: `Let ${name} take ${rotation.target.name}`,
    risk: 'reversible',
    probe: (a) => a.takeVerdict({ ...rotation, consumer }),
    act: (a) => a.takeSecret({ ...rotation, consumer }),
    verify: async (a) => {
      const { readyAt, summary } = await a.awaitReady({ service });
      await a.settle({ targets: [{ service, gateOpenedAt: readyAt, minHealthyMs }] });
      const { gapMs } = await a.measureGap({ ...rotation, consumer });
      return `${summary}; away ${gapMs} ms at most`;
    },
    keeps: 'it goes back with the step that delivered the value',
    actLimit: healthTimeoutMs + 120_000,
    verifyLimit: healthTimeoutMs + minHealthyMs + 90_000,
  };
}

/** What was measured stands in the report, in force or not. */
async function report(run: Run, { target, version }: Rotation): Promise<void> {
  if (run.mode === 'plan') return;
  const { name } = target;
  run.find({ name: `version of ${name}`, value: `${target.from} -> ${version}` });
  const facts = await run.engineActivities(`report-${name}`).rotationFacts({ target, version });
  for (const fact of facts) run.find(fact);
}
