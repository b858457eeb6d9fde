import { cpus, release, totalmem } from 'node:os';
import { execa } from 'execa';
import { temporalCli } from '../../tests/support/temporal-server.ts';

/** What figures depend on, and nothing that tells one machine from its like. */
export type Machine = Readonly<Record<string, string>>;

export async function machineFacts(): Promise<Machine> {
  const [cpu] = cpus();
  const temporal = await said(temporalCli(), ['--version']);
  return {
    processor: `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    kernel: `Linux ${release()}`,
    node: process.versions.node,
    temporal: /Server (\S+?)[,)]/.exec(temporal)?.[1] ?? temporal,
    docker: await said('docker', ['version', '--format', '{{.Server.Version}}']),
    compose: await said('docker', ['compose', 'version', '--short']),
  };
}

/** The commit that was measured, and whether files differ from it. */
export async function measuredCommit(): Promise<string> {
  const commit = await said('git', ['rev-parse', '--short=12', 'HEAD']);
  const changes = await said('git', ['status', '--porcelain', '--untracked-files=no']);
  return changes === '' ? commit : `${commit}, with changes`;
}

async function said(file: string, args: readonly string[]): Promise<string> {
  const { stdout, failed } = await execa(file, args, { reject: false, timeout: 10_000 });
  return failed ? 'unknown' : stdout.trim();
}
