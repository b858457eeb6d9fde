import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openPlatformFile } from '../../../src/client/local/read-environment.ts';

async function opened(rest: string) {
  const cwd = await mkdtemp(join(tmpdir(), 'rbtest-env-'));
  onTestFinished(() => rm(cwd, { recursive: true }));
  const head = 'schema: runbook.platform/v1\nname: lab\ncompose: { project: lab }\n';
  await writeFile(join(cwd, 'platform.yaml'), head + rest);
  return openPlatformFile('platform.yaml', cwd);
}

test('env refuses what the kind of a service refuses, as validate does', async () => {
  const services = 'services:\n  web: { kind: http, settings: { prot: 80, port: 80 } }\n';
  await expect(opened(services)).rejects.toMatchObject({
    code: 'RB_FILE_INVALID',
    why: expect.stringContaining('platform.yaml:5:34 services.web.settings.prot: expected a known'),
  });
});

test('env refuses a schedule of a runbook that there is not, as validate does', async () => {
  const schedules =
    'services: {}\nschedules:\n  nightly: { runbook: verify-plaform, cron: "0 3 * * *" }\n';
  await expect(opened(schedules)).rejects.toMatchObject({
    why: expect.stringContaining('(did you mean "verify-platform"?)'),
  });
});
