import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createResolveActivities } from '../../../src/activities/resolve.ts';
import type { RunRequest } from '../../../src/shared/run-request.ts';
import { testContext } from '../test-attempt.ts';

/** The activities of a host with one platform that has these keys as well, at a time of its clock. */
export function resolvingHost(keys: object, now = () => new Date()) {
  const folder = mkdtempSync(join(tmpdir(), 'rbtest-resolve-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'platform.yaml');
  const platform = {
    ...{ schema: 'runbook.platform/v1', name: 'lab', compose: { project: 'lab' }, services: {} },
    ...keys,
  };
  writeFileSync(file, JSON.stringify(platform));
  const activities = createResolveActivities({
    stateDirectory: join(folder, 'state'),
    definitionsDirectory: join(import.meta.dirname, '../../../runbooks'),
    platformFiles: [file],
    defaultPlatform: undefined,
    codeVersion: 'test',
    heartbeatTimeoutMs: 8000,
    now,
  });
  const resolve = (request: RunRequest = {}, scheduled = false, runbook = 'deploy') =>
    activities.resolve({ ...testContext, runbook }, { request, scheduled });
  return { activities, resolve };
}
