import { rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EnvironmentFinding } from '../shared/environment/audit.ts';
import { parseDotenv } from '../shared/environment/dotenv.ts';
import { RunbookError } from '../shared/errors.ts';
import type { Platform } from '../shared/platform-file.ts';
import type { ProbeVerdict } from '../shared/run-state.ts';
import type { StepContext } from '../shared/step-context.ts';
import { type Attempt, currentAttempt } from './attempt.ts';
import { refuseErrors, refuseLostSecrets } from './environment-refusals.ts';
import {
  type EnvironmentState,
  readEnvironmentState,
  renderEnvironment,
  valueIn,
} from './environment-state.ts';
import { describeChanges, describeFinding, describeNow } from './environment-words.ts';
import { readTextIfExists, writeFileAtomic } from './files.ts';
import { deliverSecrets, refuseBegun } from './secrets/deliver-current.ts';
import { hideFromGit } from './secrets/hide-from-git.ts';
import { variableSecret } from './secrets/store.ts';

type NoInput = Readonly<Record<string, never>>;

export interface EnvironmentDependencies {
  /** Names of the Docker volumes that belong to the compose project. */
  projectVolumes(project: string): Promise<readonly string[]>;
  /** Throws when the compose files are refused, read with this environment file. */
  checkConfig(attempt: Attempt, platform: Platform, envFile: string): Promise<void>;
}

/** What the probe hands on: nothing in it is a value. */
export interface EnvironmentFacts {
  readonly warnings: readonly EnvironmentFinding[];
}

export interface WrittenEnvironment extends EnvironmentFacts {
  /** What was done, in words: `2 secrets generated`. Empty when everything was in place. */
  readonly done: readonly string[];
}

export interface ProspectiveEnvFile {
  readonly path: string;
}

export const createEnvironmentActivities = (deps: EnvironmentDependencies) => ({
  /** Writes files of this run only, which it removes again, so a retry is always safe. */
  async environmentVerdict(
    _ctx: StepContext,
    _input: NoInput,
  ): Promise<ProbeVerdict<EnvironmentFacts>> {
    const attempt = currentAttempt();
    const state = await readChecked(attempt, deps);
    const change = describeChanges(state, 'to do').join(', ');
    if (change !== '') await checkProspective(attempt, state, deps);
    const verdict = { now: describeNow(state), output: { warnings: state.warnings } };
    return change === ''
      ? { ...verdict, state: 'in-place' }
      : { ...verdict, state: 'absent', change };
  },

  /** A value on disk is never replaced and files are replaced whole, so a repeat goes on where this stopped. */
  async writeEnvironment(_ctx: StepContext, _input: NoInput): Promise<WrittenEnvironment> {
    const attempt = currentAttempt();
    const state = await readChecked(attempt, deps);
    const done = describeChanges(state, 'done');
    await storeSecrets(attempt, state);
    const gaps = await deliverSecrets(state.platform, () => attempt.checkFence());
    for (const { consumer, secret, why } of gaps)
      attempt.log(`delivered ${secret} to ${consumer}: it was ${why}`);
    await writeEnvironmentFile(attempt, state);
    if (!state.example.isCurrent) {
      await attempt.checkFence();
      await writeFileAtomic(state.example.path, state.example.text, {
        mode: 0o644,
        ...(await ownerFor(state.example.path)),
      });
    }
    return { done, warnings: state.warnings };
  },

  /** Writes a file of this run only, whole each time, so a retry is safe. */
  async prospectiveEnvFile(_ctx: StepContext, _input: NoInput): Promise<ProspectiveEnvFile> {
    const attempt = currentAttempt();
    const state = await readEnvironmentState(await attempt.platform());
    return { path: await writeProspective(attempt, state) };
  },
});

async function readChecked(
  attempt: Attempt,
  deps: EnvironmentDependencies,
): Promise<EnvironmentState> {
  const state = await readEnvironmentState(await attempt.platform());
  refuseErrors(state);
  await refuseBegun(state.platform, state.gaps);
  const { file } = state.platform.environment;
  for (const finding of state.warnings) attempt.log(`warning: ${describeFinding(file, finding)}`);
  if (state.toMint.size > 0) {
    refuseLostSecrets(state, {
      everMinted: await state.store.everMinted(),
      volumes: await deps.projectVolumes(state.platform.compose.project),
    });
  }
  return state;
}

/** The environment file as it would be: a file of this run, or the platform's own where nothing changes. */
async function writeProspective(attempt: Attempt, state: EnvironmentState): Promise<string> {
  const text = await renderEnvironment(state);
  if (text === state.text) return state.path;
  const path = join(attempt.runDirectory, 'env');
  await attempt.checkFence();
  await writeFileAtomic(path, text, { mode: 0o600 });
  return path;
}

/** Nothing is written for compose files that are refused: they are read as they would be afterwards. */
async function checkProspective(
  attempt: Attempt,
  state: EnvironmentState,
  deps: EnvironmentDependencies,
): Promise<void> {
  const path = await writeProspective(attempt, state);
  try {
    await deps.checkConfig(attempt, state.platform, path);
  } finally {
    if (path !== state.path) await rm(path, { force: true });
  }
}

/** Before any file is written: a value that a file shows is in the store first. */
async function storeSecrets(attempt: Attempt, state: EnvironmentState) {
  const { store, text, toAdopt, toMint } = state;
  if (toAdopt.length + toMint.size > 0) {
    await attempt.checkFence();
    await hideFromGit(state.platform);
  }
  const file = parseDotenv(text ?? '');
  for (const name of toAdopt) {
    const value = valueIn(file, name);
    if (!value) continue;
    await attempt.checkFence();
    await store.adopt(variableSecret(name), value);
  }
  for (const [name, length] of toMint) {
    await attempt.checkFence();
    await store.mint(name, length);
  }
}

async function writeEnvironmentFile(attempt: Attempt, state: EnvironmentState): Promise<void> {
  const text = await renderEnvironment(state);
  if (text === state.text && state.isPrivate) return;
  const options = { mode: 0o600, ...(await ownerFor(state.path)) };
  if (state.text !== undefined && text !== state.text) {
    // First, and from what was read: a crash after it repeats the same copy, never one of the new file.
    await attempt.checkFence();
    await writeFileAtomic(`${state.path}.previous`, state.text, options);
  }
  await attempt.checkFence();
  await refuseEditedMeanwhile(state);
  await writeFileAtomic(state.path, text, options);
}

/** A person may edit the file at any time; the next try reads what they wrote. */
async function refuseEditedMeanwhile({ path, text, platform }: EnvironmentState): Promise<void> {
  if ((await readTextIfExists(path)) === text) return;
  throw new RunbookError(
    'RB_ENVIRONMENT_EDITED',
    `${platform.environment.file} was edited meanwhile`,
    {
      why: 'it is no longer as it was when it was read, and what a person wrote is not overwritten',
      fix: 'nothing: the next try reads it as it is now',
    },
  );
}

/** A worker that runs as root leaves the project's files to the user they belong to. */
async function ownerFor(
  path: string,
): Promise<{ uid: number; gid: number } | Record<string, never>> {
  if (process.getuid?.() !== 0) return {};
  const { uid, gid } = await stat(path).catch(() => stat(dirname(path)));
  return { uid, gid };
}
