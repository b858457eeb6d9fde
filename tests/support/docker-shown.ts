import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { PlatformCopy } from './platform-copy.ts';
import { textsBelow } from './secret-leaks.ts';

export type Place = readonly [place: string, text: string];

const filterOf = ({ project }: PlatformCopy) => `label=com.docker.compose.project=${project}`;

/** What Docker tells of everything that belongs to a platform; the variables of its containers apart. */
export async function inspected(
  platform: PlatformCopy,
): Promise<{ readonly places: readonly Place[]; readonly variables: readonly string[] }> {
  const places: Place[] = [];
  const variables: string[] = [];
  for (const { id, service } of await platform.containers()) {
    const { stdout } = await execa('docker', ['inspect', id]);
    const [facts] = JSON.parse(stdout) as [{ Config: { Env: string[] } }];
    variables.push(...facts.Config.Env.map((variable) => `${service} ${variable}`));
    facts.Config.Env = [];
    places.push([`docker inspect ${service}`, JSON.stringify(facts)]);
  }
  for (const kind of ['network', 'volume']) {
    const list = [kind, 'ls', '--quiet', '--filter', filterOf(platform)];
    for (const one of (await execa('docker', list)).stdout.split('\n').filter(Boolean)) {
      places.push([
        `docker ${kind} ${one}`,
        (await execa('docker', [kind, 'inspect', one])).stdout,
      ]);
    }
  }
  return { places, variables };
}

/** What Docker tells of an image and of how it was built. */
export async function imageTold(image: string): Promise<readonly Place[]> {
  const asked = [
    ['image', 'inspect', image],
    ['history', '--no-trunc', image],
  ];
  return Promise.all(
    asked.map(
      async (args): Promise<Place> => [
        `docker ${args.join(' ')}`,
        (await execa('docker', args)).stdout,
      ],
    ),
  );
}

/** Docker's own stream of what happens to a platform; each command in a container stands there with its arguments. */
export class DockerEvents {
  private readonly child: ChildProcess;
  private output = '';

  private constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.output += text;
    });
  }

  static start(platform: PlatformCopy): DockerEvents {
    const args = ['events', '--format', '{{json .}}', '--filter', filterOf(platform)];
    return new DockerEvents(spawn('docker', args, { stdio: ['ignore', 'pipe', 'inherit'] }));
  }

  async stop(): Promise<string> {
    this.child.kill();
    await once(this.child, 'close');
    return this.output;
  }
}

/** Files that a container's processes have changed or made in it, as the tape archives that Docker gives. */
export async function writtenLayer({
  id,
  service,
}: {
  readonly id: string;
  readonly service: string;
}): Promise<readonly Place[]> {
  const { stdout } = await execa('docker', ['diff', id]);
  const paths = stdout
    .split('\n')
    .filter((line) => /^[AC] /.test(line))
    .map((line) => line.slice(2));
  const format = '{{range .Mounts}}{{println .Destination}}{{end}}';
  const { stdout: mounts } = await execa('docker', ['inspect', '--format', format, id]);
  const leaves = paths.filter(
    (path) =>
      !paths.some((other) => other.startsWith(`${path}/`)) && !mounts.split('\n').includes(path),
  );
  const places: Place[] = [];
  for (const path of leaves) {
    const args = ['cp', `${id}:${path}`, '-'];
    // A socket cannot be copied.
    const copied = await execa('docker', args, { encoding: 'buffer', reject: false });
    const text = Buffer.from(copied.stdout).toString('latin1');
    places.push([`${path} of ${service}`, text]);
  }
  return places;
}

/** Folders in which programs leave what they need for a moment. */
const temporaryFolders = ['tmp', 'var/tmp', 'dev/shm'];

/** Files of a running container that no layer has: temporary ones, and homes that lie on volumes. */
export async function insideContainer(
  { id, service }: { readonly id: string; readonly service: string },
  historiesOf: (home: string) => Promise<readonly Place[]>,
): Promise<{ readonly temporary: readonly Place[]; readonly histories: readonly Place[] }> {
  const { stdout: pid } = await execa('docker', ['inspect', '--format', '{{.State.Pid}}', id]);
  if (pid === '0') return { temporary: [], histories: [] };
  const root = `/proc/${pid}/root`;
  const named = ([path, text]: Place): Place => [`${path.slice(root.length)} of ${service}`, text];
  const temporary: Place[] = [];
  for (const folder of temporaryFolders)
    temporary.push(...[...(await textsBelow(join(root, folder)))].map(named));
  const users = await readFile(join(root, 'etc/passwd'), 'utf8').catch(() => '');
  const homes = new Set(users.split('\n').flatMap((line) => line.split(':')[5] ?? []));
  const histories: Place[] = [];
  for (const home of homes) histories.push(...(await historiesOf(join(root, home))).map(named));
  return { temporary, histories };
}
