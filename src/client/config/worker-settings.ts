import { delimiter } from 'node:path';
import { codecSettings } from '../../codec/settings.ts';
import { stateDirectory } from '../local/paths.ts';
import { chosenPlatformFiles, platformName } from '../local/worker-environment.ts';
import type { Session } from '../session.ts';
import { findTemporalCli } from '../up/temporal-cli.ts';
import { composeSettings } from './compose-settings.ts';
import {
  type Candidate,
  configured,
  fallback,
  rawConfigured,
  type Setting,
  setting,
  variable,
} from './setting.ts';

/** What `up` and `worker` started here would go by; a worker that runs already has its own. */
export async function workerSettings(session: Session): Promise<readonly Setting[]> {
  const { env, cwd } = session;
  const files = await chosenPlatformFiles(env, cwd, []);
  const directory = stateDirectory(env);
  const inDirectory = (candidate: Candidate): Candidate =>
    candidate === undefined ? undefined : { ...candidate, value: directory };
  return [
    setting(
      'state-directory',
      inDirectory(configured(session, 'RUNBOOK_STATE_DIR')),
      inDirectory(variable(env, 'XDG_STATE_HOME')),
      fallback(directory),
    ),
    setting(
      'platforms',
      rawConfigured(session, 'RUNBOOK_PLATFORMS'),
      found(files.length === 0 ? undefined : files.join(delimiter)),
    ),
    setting(
      'platform',
      configured(session, 'RUNBOOK_PLATFORM'),
      found(files.length === 1 ? await nameIn(files[0] ?? '') : undefined),
    ),
    setting(
      'heartbeat-timeout-ms',
      variable(env, 'RUNBOOK_HEARTBEAT_TIMEOUT_MS'),
      fallback(defaultHeartbeatTimeoutMs),
    ),
    setting('codec', variable(env, 'RUNBOOK_CODEC'), fallback('on')),
    setting(
      'codec-key-file',
      variable(env, 'RUNBOOK_CODEC_KEY_FILE'),
      fallback(codecSettings({}, directory).keyFile),
    ),
    setting('age-identity', variable(env, 'RUNBOOK_AGE_IDENTITY')),
    ...(await composeSettings(env)),
    setting(
      'temporal-cli',
      variable(env, 'RUNBOOK_TEMPORAL_CLI'),
      found(await findTemporalCli(env)),
    ),
    setting('workflow-bundle', variable(env, 'RUNBOOK_WORKFLOW_BUNDLE')),
  ];
}

/** As `worker/config.ts` has it: a test compares them, for the CLI loads nothing of the worker. */
const defaultHeartbeatTimeoutMs = '8000';

const found = (value: string | undefined): Candidate =>
  value === undefined ? undefined : { value, source: 'found' };

/** A file that cannot be read is for `validate` to explain; here it names no platform. */
const nameIn = (file: string) => platformName(file).catch(() => undefined);
