import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

const image = 'rbtest-prometheus';
const packageRoot = join(import.meta.dirname, '..', '..');

export interface RuleHealth {
  readonly name: string;
  readonly health: string;
  readonly state: string;
}

/** A real Prometheus that scrapes one address each second, with the alert rules that the product ships. */
export class Prometheus {
  private readonly container: string;
  private readonly url: string;
  private readonly folder: string;

  private constructor(container: string, url: string, folder: string) {
    this.container = container;
    this.url = url;
    this.folder = folder;
  }

  static async start(target: string): Promise<Prometheus> {
    await buildImage();
    const folder = await mkdtemp(join(tmpdir(), 'rbtest-prometheus-'));
    await execa('chmod', ['755', folder]);
    const config = {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: ['/rules/alerts.yaml'],
      scrape_configs: [{ job_name: 'runbook', static_configs: [{ targets: [target] }] }],
    };
    // JSON is YAML.
    await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config), { mode: 0o644 });
    const listen = `127.0.0.1:${await freePort()}`;
    const { stdout: container } = await execa('docker', [
      ...['run', '--detach', '--network', 'host', '--tmpfs', '/data:mode=1777'],
      ...['--volume', `${folder}:/config:ro`, '--volume', `${rulesFolder}:/rules:ro`, image],
      ...['--config.file=/config/prometheus.yml', '--storage.tsdb.path=/data'],
      `--web.listen-address=${listen}`,
    ]);
    const prometheus = new Prometheus(container, `http://${listen}`, folder);
    await until('Prometheus has scraped', async () => (await prometheus.query('up')) > 0, 30_000);
    return prometheus;
  }

  /** The largest value that an expression has now; nought when it has none. */
  async query(expression: string): Promise<number> {
    const { result } = await this.get<{ result: { value: [number, string] }[] }>(
      `query?query=${encodeURIComponent(expression)}`,
    );
    return Math.max(0, ...result.map(({ value }) => Number(value[1])));
  }

  async rules(): Promise<readonly RuleHealth[]> {
    const { groups } = await this.get<{ groups: { rules: RuleHealth[] }[] }>('rules');
    return groups.flatMap(({ rules }) => rules);
  }

  private async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}/api/v1/${path}`);
    const { data, error } = (await response.json()) as { data?: T; error?: string };
    if (data === undefined) throw new Error(error ?? `${response.status}`);
    return data;
  }

  async stop(): Promise<void> {
    await execa('docker', ['rm', '--force', this.container]);
    await rm(this.folder, { recursive: true, force: true });
  }
}

const rulesFolder = join(packageRoot, 'docs', 'monitoring');

async function buildImage(): Promise<void> {
  await execa('docker', ['build', '--tag', image, join(import.meta.dirname, 'prometheus')]);
}

/** Runs a file of rule tests against the shipped rules, with Prometheus' own tool. */
export async function testRules(file: string): Promise<string> {
  await buildImage();
  const { all } = await execa(
    'docker',
    [
      ...['run', '--rm', '--network', 'none', '--entrypoint', 'promtool'],
      ...['--volume', `${rulesFolder}:/rules:ro`, '--volume', `${file}:/rules-test.yaml:ro`, image],
      ...['test', 'rules', '/rules-test.yaml'],
    ],
    { all: true, reject: false },
  );
  return all;
}
