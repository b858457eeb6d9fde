import { chmod, cp, lstat, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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

/** A checkout whose tool prints what the real one does at the end of a run, and a home with a folder for programs. */
async function checkout() {
  const folder = await mkdtemp(join(tmpdir(), 'rbtest-demo-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const root = join(folder, 'checkout');
  const home = join(folder, 'home');
  await mkdir(join(root, 'bin'), { recursive: true });
  await mkdir(join(home, '.local/bin'), { recursive: true });
  for (const name of ['demo', 'lib.sh'])
    await cp(join(demo, '..', name), join(root, 'script', name));
  const programs = {
    'script/bootstrap': '',
    'bin/runbook': 'if [ "$1" = start ]; then echo "  report  runbook report run-1 --html"; fi',
    '../home/docker': '',
  };
  for (const [name, text] of Object.entries(programs))
    await writeFile(join(root, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const env = (onPath: boolean) => ({
    HOME: home,
    PATH: `${onPath ? `${home}/.local/bin:` : ''}${home}:/usr/bin:/bin`,
  });
  const run = async (onPath: boolean, ...args: string[]) =>
    execa(join(root, 'script/demo'), args, { env: env(onPath), extendEnv: false });
  const paste = (onPath: boolean, command: string) =>
    execa('bash', ['-c', command], { env: env(onPath), extendEnv: false, cwd: home });
  return { run, paste, link: join(home, '.local/bin/runbook') };
}

const commandsIn = (text: string) =>
  [...text.matchAll(/(?<=: |, |\(or |report {2})(?:runbook|\S*script\/demo) [-\w ]+/g)].map(
    ([one]) => one,
  );

test('every command that it prints can be pasted from anywhere', async () => {
  const { run, paste, link } = await checkout();
  const commands = commandsIn((await run(true)).stdout);
  expect(commands).toHaveLength(7);
  // What takes the command away comes last.
  const isDown = (command: string) => command.includes('--down');
  for (const command of commands.filter((one) => !isDown(one))) await paste(true, command);
  for (const command of commands.filter(isDown)) await paste(true, command);
  await expect(lstat(link)).rejects.toThrow('ENOENT');
});

test('where no folder takes a command it says what to paste first', async () => {
  const { run, paste } = await checkout();
  const { stdout } = await run(false);
  const [first = ''] = /^ {2}export .*$/m.exec(stdout) ?? [];
  for (const command of commandsIn(stdout)) await paste(false, `${first}\n${command}`);
});

test('a command runbook that is there stays', async () => {
  const { run, link } = await checkout();
  await writeFile(link, '#!/bin/sh\n', { mode: 0o755 });
  await run(true);
  await run(true, '--down');
  expect((await lstat(link)).isSymbolicLink()).toBe(false);
});
