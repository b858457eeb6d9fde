import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkFiles } from '../../../src/client/local/check-files.ts';

test('a setting that the kind of its service does not know is named with its place', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'runbook-validate-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const text = `schema: runbook.platform/v1
name: lab
compose: { project: lab }
services:
  web: { kind: http, settings: { prot: 80, port: 80 } }
`;
  await writeFile(join(directory, 'platform.yaml'), text);
  const [checked] = await checkFiles(['platform.yaml'], {
    cwd: directory,
    env: {},
    configFiles: [],
  });
  expect(checked?.error).toMatchObject({
    code: 'RB_FILE_INVALID',
    why: 'platform.yaml:5:34 services.web.settings.prot: expected a known key (did you mean "port"?), got "prot"',
  });
});
