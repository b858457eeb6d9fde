import type { ConfigSummary } from '../activities/compose.ts';
import type { Backup } from '../activities/migrate/backup.ts';
import type { MigrationSummary } from '../activities/migrate/inventory.ts';
import type { RewrittenFiles } from '../activities/migrate/rewrite.ts';
import type { WrittenSecrets } from '../activities/migrate/secret-files.ts';
import type { StartedRotation } from '../activities/migrate/start-rotation.ts';
import { count } from '../report/text.ts';
import { bringUp, type Gates } from './bring-up.ts';
import { requireInPlace } from './engine/failures.ts';
import type { Run } from './engine/run.ts';
import { runbook } from './engine/runbook.ts';
import { compare, readConfig, recordRelease, settle, verify } from './platform-steps.ts';

/** Moves passwords from the environment into files that only their consumers can read. */
export const migrateSecrets = runbook(async (run) => {
  const config = await readConfig(run);
  const before = await compare(run);
  await run.step({
    id: 'as-deployed',
    title: 'Require that everything runs as the files say',
    risk: 'read',
    act: (a) => a.requireUnchanged({}),
    result: ({ summary }) => summary,
  });
  const migration = await findMigration(run);
  if (migration.secrets.length === 0) return;

  await run.step<Backup>({
    id: 'backup',
    title: 'Keep the files as they are',
    risk: 'reversible',
    probe: (a) => a.backupVerdict({}),
    act: (a) => a.backUpFiles({}),
    verify: async (a) => requireInPlace(await a.backupVerdict({})),
    keeps: "the copies stay in the run's folder",
    result: ({ folder }) => folder,
  });
  await run.step<WrittenSecrets>({
    id: 'secret-files',
    title: 'Store the values and deliver a file to each consumer',
    risk: 'reversible',
    probe: (a) => a.secretFilesVerdict({}),
    act: (a) => a.writeSecretFiles({}),
    verify: async (a) => requireInPlace(await a.secretFilesVerdict({})),
    // The store keeps the values: they are in use, whichever way they get to the services.
    undo: (a) => a.removeSecretFiles({}),
    result: ({ stored, delivered }) => `${stored.length} stored, ${delivered} delivered`,
  });
  await run.step<RewrittenFiles>({
    id: 'rewrite',
    title: 'Rewrite the compose files, the environment file and the platform file',
    risk: 'reversible',
    probe: (a) => a.rewriteVerdict({}),
    act: (a) => a.rewriteFiles({}),
    verify: async (a) => requireInPlace(await a.rewriteVerdict({})),
    undo: (a) => a.restoreFiles({}),
    result: ({ files }) => files.join(', '),
  });

  const gates: Gates = new Map();
  if (run.mode === 'plan') await planRecreation(run, config, migration);
  else await recreate(run, gates);

  await settle(run, gates);
  await verify(run, { since: run.startedAt, restartCounts: before.restartCounts, waitMs: 60_000 });
  const proof = await run.step({
    id: 'prove-gone',
    title: 'Prove that no value is left in containers, processes and files',
    risk: 'read',
    act: (a) => a.proveNoValueLeft({}),
    inPlan: 'looked for after the changes',
    actLimit: '2m',
    result: ({ summary }) => summary,
  });
  if (proof) run.find({ name: 'values left', value: proof.summary, ok: true });

  await recordRelease(run);
  await rotateMigrated(run, migration);
});

async function findMigration(run: Run): Promise<MigrationSummary> {
  const migration = await run.step<MigrationSummary>({
    id: 'inventory',
    title: 'Find what can move, and what stays',
    risk: 'read',
    needed: true,
    act: (a) => a.findMigration({}),
    actLimit: '1m',
    result: summaryWords,
  });
  for (const { name, consumers, left } of migration.secrets) {
    const moved = consumers.join(', ');
    run.find({
      name: `secret ${name}`,
      value: left.length === 0 ? moved : `${moved}; stays in part`,
    });
    for (const { what, place, why } of left) {
      run.find({ name: `not covered: ${what}`, value: `${place}: ${why}`, ok: false });
    }
  }
  for (const { what, place, why } of migration.notCovered) {
    run.find({ name: `not covered: ${what}`, value: `${place}: ${why}`, ok: false });
  }
  return migration;
}

function summaryWords({ secrets, notCovered }: MigrationSummary): string {
  const stay = [...notCovered, ...secrets.flatMap(({ left }) => left)].map(
    ({ what, why }) => `${what} stays: ${why}`,
  );
  const move = secrets.map(({ name, consumers }) => `${name} to ${consumers.join(' and ')}`);
  const moved =
    move.length === 0 ? 'nothing to move' : `${count(move.length, 'secret')}: ${move.join('; ')}`;
  return [moved, ...stay].join('; ');
}

/** With the files rewritten the configuration is read anew; what differs is made anew behind its gate. */
async function recreate(run: Run, gates: Gates): Promise<void> {
  const config = await readConfig(run, {
    id: 'config-after',
    title: 'Validate the rewritten configuration',
  });
  const now = await compare(run, { id: 'compare-after', title: 'Compare it with what runs' });
  await run.inOrder(config.services, (service) =>
    bringUp(run, service, now, [], gates, (a, target) => a.restoreServiceBefore(target)),
  );
}

/** The files are not rewritten in a plan, so what differs is told from the migration. */
async function planRecreation(
  run: Run,
  { services }: ConfigSummary,
  migration: MigrationSummary,
): Promise<void> {
  await run.inOrder(services, async ({ name, members }) => {
    const changing = members.filter((member) => migration.services.includes(member));
    if (changing.length === 0) return;
    await run.step<unknown>({
      id: `start-${name}`,
      title: `Start ${name}`,
      risk: 'reversible',
      probe: async () => ({
        state: 'absent',
        now: 'runs with values in its environment',
        change: `recreate ${changing.join(', ')} with files in their place`,
      }),
      undo: async () => undefined,
    });
  });
}

/**
 * Whoever could look at the environment, at `docker inspect` or into the repository may know the values. What it is
 * known of what they open is rotated, by a run of its own that waits for the locks of this one.
 */
async function rotateMigrated(run: Run, { secrets }: MigrationSummary): Promise<void> {
  for (const { name, notRotated } of secrets) {
    if (notRotated === undefined) continue;
    const value = `${notRotated}; change that, say under secrets.items.${name}.credential what it opens, then: ${rotation([name])}`;
    run.find({ name: `not rotated: ${name}`, value, ok: false });
  }
  const names = secrets.flatMap(({ name, notRotated }) => (notRotated === undefined ? [name] : []));
  if (names.length === 0) return;
  if (run.params.rotate !== true) {
    run.find({ name: 'rotate now', value: rotation(names), ok: false });
    return;
  }
  const { by, trigger } = run.resolved;
  // Where nobody said who starts a run, its trigger stands in for a name.
  const input = { secrets: names, trigger, ...(by === trigger ? {} : { by }) };
  const started = await run.step<StartedRotation>({
    id: 'rotate',
    title: 'Start the rotation of what has moved',
    risk: 'reversible',
    probe: (a) => a.rotationVerdict(input),
    act: (a) => a.startRotation(input),
    noReturn: true,
    keeps: 'the rotation is a run of its own, which goes on, and its values are in files',
    result: ({ run: id }) => id,
  });
  if (started === undefined) return;
  run.find({ name: 'rotation', value: `${started.run} (${names.join(', ')})`, run: started.run });
}

const rotation = (names: readonly string[]) =>
  `runbook start rotate-secrets --set secrets=${names.join(',')}`;
