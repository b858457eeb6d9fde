import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { freePort } from './free-port.ts';

const platformsRoot = join(import.meta.dirname, '..', 'platforms');
const packageRoot = join(import.meta.dirname, '..', '..');

/** A copy of a platform's folder with a project name and host ports of its own; destroyed with its volumes. */
export class PlatformCopy {
  readonly directory: string;
  readonly name: string;
  readonly project: string;
  /** What it is a copy of. */
  readonly kind: string;

  private constructor(kind: string, directory: string, name: string, project: string) {
    this.kind = kind;
    this.directory = directory;
    this.name = name;
    this.project = project;
  }

  static async of(platform: 'mini' | 'lab'): Promise<PlatformCopy> {
    const source =
      platform === 'lab' ? join(packageRoot, 'compose', 'lab') : join(platformsRoot, platform);
    const directory = await mkdtemp(join(tmpdir(), `rbtest-${platform}-`));
    const skip = new Set(['.secrets', '.env', '.env.previous', 'effects']);
    await cp(source, directory, {
      recursive: true,
      filter: (path) => !skip.has(path.slice(source.length + 1)),
    });
    const project = `rbtest-${platform}-${randomBytes(3).toString('hex')}`;
    const name = project.slice('rbtest-'.length);
    const copy = new PlatformCopy(platform, directory, name, project);
    await copy.edit('platform.yaml', (text) =>
      text.replace(/^name: .*$/m, `name: ${name}`).replace(/^( +project:) .*$/m, `$1 ${project}`),
    );
    await copy.edit('platform.yaml', withFreePorts);
    if (platform === 'mini') {
      // An image of its own: what one test builds does not change under another.
      await copy.edit('compose.yaml', (text) =>
        text.replace('image: runbook-mini:1', `image: runbook-mini:${name}`),
      );
    }
    return copy;
  }

  /**
   * A copy of somebody else's compose project, without a platform file; it is named as its project. Compose makes it,
   * with what tests call `compose` for.
   */
  static async foreign(platform: 'shop' | 'queue'): Promise<PlatformCopy> {
    const directory = await mkdtemp(join(tmpdir(), `rbtest-${platform}-`));
    await cp(join(platformsRoot, platform), directory, { recursive: true });
    const project = `rbtest-${platform}-${randomBytes(3).toString('hex')}`;
    const copy = new PlatformCopy(platform, directory, project, project);
    const images = join(packageRoot, 'compose', 'lab', 'images');
    await copy.edit('compose.yaml', (text) =>
      text
        .replaceAll('../../../compose/lab/images', images)
        .replaceAll('image: acme', `image: ${project}`),
    );
    if (platform === 'shop') {
      await copy.edit('common.yaml', (text) => text.replaceAll('image: acme', `image: ${project}`));
    }
    const port = await freePort();
    await copy.edit('.env', (text) =>
      text
        .replace(/^(SHOP_PORT)=.*$/m, `$1=${port}`)
        .replace(/^(QUEUE_PREFIX)=.*$/m, `$1=${project}`),
    );
    return copy;
  }

  /**
   * A copy of the lab with its passwords in the environment, started by nobody yet. The passwords in its files are
   * `planted` ones by their variables.
   */
  static async labEnv(planted: ReadonlyMap<string, string>): Promise<PlatformCopy> {
    const directory = await mkdtemp(join(tmpdir(), 'rbtest-labenv-'));
    await cp(join(packageRoot, 'compose', 'lab-env'), directory, { recursive: true });
    await rename(join(directory, 'platform.lab-env.yaml'), join(directory, 'platform.yaml'));
    const project = `rbtest-labenv-${randomBytes(3).toString('hex')}`;
    const copy = new PlatformCopy('lab-env', directory, project.slice('rbtest-'.length), project);
    const images = join(packageRoot, 'compose', 'lab', 'images');
    await copy.edit('compose.yaml', (text) =>
      [...planted].reduce(
        (left, [name, value]) => left.replace(new RegExp(`(${name}: )\\S+(?=   #)`), `$1${value}`),
        text.replaceAll('../lab/images', images),
      ),
    );
    await copy.edit('platform.yaml', (text) =>
      text
        .replace(/^name: .*$/m, `name: ${copy.name}`)
        .replace(/^( +project:) .*$/m, `$1 ${project}`),
    );
    await copy.edit('.env', async (text) => {
      let edited = text;
      for (const [name, value] of planted) {
        edited = edited.replace(
          new RegExp(`^((?:export )?${name}=)(['"]?)\\w+`, 'm'),
          `$1$2${value}`,
        );
      }
      for (const [line, name] of text.matchAll(/^(\w+_PORT)=\d+$/gm)) {
        edited = edited.replace(line, `${name}=${await freePort()}`);
      }
      return edited;
    });
    return copy;
  }

  /** Plain Compose, as whoever owns the project calls it. */
  async compose(...args: readonly string[]): Promise<void> {
    await execa('docker', ['compose', '--project-name', this.project, ...args], {
      cwd: this.directory,
    });
  }

  get platformFile(): string {
    return join(this.directory, 'platform.yaml');
  }

  read(file: string): Promise<string> {
    return readFile(join(this.directory, file), 'utf8');
  }

  async edit(file: string, change: (text: string) => string | Promise<string>): Promise<void> {
    await writeFile(join(this.directory, file), await change(await this.read(file)));
  }

  /** How often each service's container was started, counted by the containers themselves, outside. */
  async effects(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const service of ['db', 'migrate', 'web']) {
      const text = await this.read(`effects/${service}.log`).catch(() => '');
      counts[service] = text.split('\n').filter(Boolean).length;
    }
    return counts;
  }

  async containers(): Promise<{ id: string; service: string; state: string }[]> {
    const { stdout } = await execa('docker', [
      ...[
        'ps',
        '--all',
        '--no-trunc',
        '--filter',
        `label=com.docker.compose.project=${this.project}`,
      ],
      ...['--format', '{{.ID}} {{.Label "com.docker.compose.service"}} {{.State}}'],
    ]);
    return stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => {
        const [id = '', service = '', state = ''] = line.split(' ');
        return { id, service, state };
      });
  }

  async volumes(): Promise<string[]> {
    return this.labelled('volume');
  }

  async networks(): Promise<string[]> {
    return this.labelled('network');
  }

  private async labelled(what: 'volume' | 'network'): Promise<string[]> {
    const filter = `label=com.docker.compose.project=${this.project}`;
    const format = what === 'volume' ? '{{.Name}}' : '{{.ID}}';
    const { stdout } = await execa('docker', [what, 'ls', '--filter', filter, '--format', format]);
    return stdout.split('\n').filter(Boolean);
  }

  /** Removes containers, networks and volumes, but not the folder: as before the first deploy. */
  async wipe(): Promise<void> {
    const ids = (await this.containers()).map(({ id }) => id);
    if (ids.length > 0) await execa('docker', ['rm', '--force', '--volumes', ...ids]);
    const networks = await this.networks();
    if (networks.length > 0) await execa('docker', ['network', 'rm', ...networks]);
    const volumes = await this.volumes();
    if (volumes.length > 0) await execa('docker', ['volume', 'rm', ...volumes]);
    await this.removeImages(`runbook-release/${this.name}`);
  }

  private async removeImages(reference: string): Promise<void> {
    const format = '{{.Repository}}:{{.Tag}}';
    const args = ['images', '--filter', `reference=${reference}`, '--format', format];
    const { stdout } = await execa('docker', args);
    const tags = stdout.split('\n').filter(Boolean);
    if (tags.length > 0) await execa('docker', ['rmi', ...tags]);
  }

  /** `wipe`, and the image and the files that a deploy makes. */
  async reset(): Promise<void> {
    await this.wipe();
    await this.removeImages(`runbook-mini:${this.name}`);
    for (const path of ['.secrets', '.env', '.env.previous', 'effects']) {
      await rm(join(this.directory, path), { recursive: true, force: true });
    }
  }

  async destroy(): Promise<void> {
    await this.wipe();
    await this.removeImages(`runbook-mini:${this.name}`);
    await this.removeImages(`${this.project}/*`);
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Every default of a variable named like a port becomes a port that is free now. */
async function withFreePorts(text: string): Promise<string> {
  const lines = text.split('\n');
  let inPort = false;
  for (const [index, line] of lines.entries()) {
    const variable = /^ {4}([A-Z0-9_]+):/.exec(line);
    if (variable) inPort = variable[1]?.includes('PORT') ?? false;
    if (inPort && /default: "\d+"/.test(line)) {
      lines[index] = line.replace(/default: "\d+"/, `default: "${await freePort()}"`);
    }
  }
  return lines.join('\n');
}
