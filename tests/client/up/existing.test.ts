import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type UpOptions, up } from '../../../src/client/commands/up.ts';
import { exitCodeOf } from '../../../src/client/errors.ts';
import { ownProcessId, type UpNote, writeNote } from '../../../src/client/up/note.ts';
import { recordSession } from '../support/recorder.ts';

const root = join(import.meta.dirname, '../../..');
const lab = join(root, 'compose/lab/platform.yaml');
const mini = join(root, 'tests/platforms/mini/platform.yaml');

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rbtest-up-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** `up` where another, this very process, is up with the platforms. */
async function upBeside(known: UpNote['platforms'], platforms: readonly string[]) {
  await writeNote(directory, {
    schema: 'runbook.up/v1',
    supervisor: await ownProcessId(),
    address: '127.0.0.1:1',
    namespace: 'default',
    uiPort: 1001,
    codecPort: 2001,
    ...(known === undefined ? {} : { platforms: known }),
    adopted: false,
    ready: true,
    children: {},
  });
  const { session, stderr } = recordSession({ env: { RUNBOOK_STATE_DIR: directory } });
  const ports = { port: 1, uiPort: 1001, codecPort: 2001 };
  const options: UpOptions = { ...ports, detach: true, platforms, worker: true };
  return { code: await up(options, session), said: stderr.text };
}

test.each([
  ['none are asked for', [lab], []],
  ['its own are asked for', [lab, mini], [mini, lab]],
  ['an earlier version has noted none', undefined, [lab]],
])('an up that runs is enough when %s', async (_, known, asked) => {
  expect(await upBeside(known, asked)).toEqual({ code: 0, said: 'runbook is up already\n' });
});

test.each([[[lab]], [[]]])(
  'a platform that the running up does not know is refused: %j',
  async (known) => {
    const refusal = await upBeside(known, [mini]).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'RB_UP_OTHER_PLATFORMS',
      why: expect.stringContaining(`not with ${mini}`),
      fix: `runbook down, then runbook up ${[...known, mini].map((file) => `--platform ${file}`).join(' ')}`,
    });
    expect(exitCodeOf(refusal)).toBe(4);
  },
);

test('a platform file that is wrong is refused, whatever is up', async () => {
  const broken = join(directory, 'broken.yaml');
  await writeFile(broken, 'schema: runbook.platform/v1\nnme: shop\n');
  await expect(upBeside([broken], [broken])).rejects.toMatchObject({ code: 'RB_FILE_INVALID' });
  await expect(upBeside([lab], [join(directory, 'none.yaml')])).rejects.toMatchObject({
    code: 'RB_FILE_UNREADABLE',
  });
});
