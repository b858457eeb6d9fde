import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { platformFindings } from '../../../src/client/doctor/platform-checks.ts';
import { ownProcessId } from '../../../src/client/up/note.ts';

const fileOf = (name: string, more = '') =>
  `schema: runbook.platform/v1\nname: ${name}\ncompose: { project: ${name} }\nservices: {}\n${more}`;

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rbtest-doctor-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

test('each file that a worker would know has a row, with the place of what is wrong', async () => {
  const cwd = await folderWith({ 'a.yaml': fileOf('a'), 'b.yaml': fileOf('b', 'servces: {}\n') });
  const env = { RUNBOOK_STATE_DIR: cwd, RUNBOOK_PLATFORMS: 'a.yaml:b.yaml:gone.yaml' };
  expect(await platformFindings({ env, cwd })).toEqual([
    { name: 'platform file', verdict: 'ok', observed: 'a.yaml (a)' },
    {
      name: 'platform file',
      verdict: 'fail',
      observed: expect.stringMatching(/^RB_FILE_INVALID: b\.yaml:5:1 servces: .*"services"/),
      fix: 'correct it, then runbook validate b.yaml',
    },
    {
      name: 'platform file',
      verdict: 'fail',
      observed: expect.stringMatching(/^RB_FILE_UNREADABLE: cannot read .*gone\.yaml/),
      fix: expect.any(String),
    },
  ]);
});

test('where up runs they are those of its worker, and the one of this folder', async () => {
  const cwd = await folderWith({ 'platform.yaml': fileOf('here'), 'far.yaml': fileOf('far') });
  const state = join(cwd, 'state');
  await mkdir(state);
  const platforms = [join(cwd, 'far.yaml')];
  const note = { schema: 'runbook.up/v1', supervisor: await ownProcessId(), platforms };
  await writeFile(join(state, 'up.json'), JSON.stringify(note));
  const env = { RUNBOOK_STATE_DIR: state, RUNBOOK_PLATFORMS: 'a.yaml' };
  const rows = await platformFindings({ env, cwd });
  expect(rows.map(({ observed }) => observed)).toEqual(['far.yaml (far)', 'platform.yaml (here)']);
});

test('none at all is a warning', async () => {
  const cwd = await folderWith({});
  const env = { RUNBOOK_STATE_DIR: cwd, RUNBOOK_PLATFORMS: '' };
  expect(await platformFindings({ env, cwd })).toMatchObject([{ verdict: 'warn' }]);
});
