import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';

const demo = join(import.meta.dirname, '../../script/demo');

/** A `docker` that only writes down what it is asked, and answers a question for images. */
async function recordingDocker(images: string) {
  const folder = await mkdtemp(join(tmpdir(), 'rbtest-demo-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const calls = join(folder, 'calls');
  const docker = join(folder, 'docker');
  await writeFile(
    docker,
    `#!/bin/sh\necho "$@" >> '${calls}'\nif [ "$2" = ls ]; then printf '${images}'; fi\n`,
  );
  await chmod(docker, 0o755);
  return { folder, calls: async () => (await readFile(calls, 'utf8')).trim().split('\n') };
}

async function down(folder: string) {
  const env = { PATH: `${folder}:${process.env.PATH}`, RUNBOOK_STATE_DIR: join(folder, 'state') };
  return execa(demo, ['--down'], { env, stdin: 'ignore', timeout: 30_000 });
}

test('--down also removes the names that releases of the lab gave to images, and no others', async () => {
  const { folder, calls } = await recordingDocker(
    String.raw`runbook-release/lab:1-1\nrunbook-release/lab:1-2\n`,
  );
  await down(folder);
  expect(await calls()).toEqual([
    'compose --project-name lab down --remove-orphans',
    'image ls --filter reference=runbook-release/lab --format {{.Repository}}:{{.Tag}}',
    'image rm runbook-release/lab:1-1 runbook-release/lab:1-2',
  ]);
}, 30_000);

test('--down removes nothing where no release has named an image', async () => {
  const { folder, calls } = await recordingDocker('');
  await down(folder);
  expect((await calls()).filter((call) => call.startsWith('image rm'))).toEqual([]);
}, 30_000);
