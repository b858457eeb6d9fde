import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runDirectory } from '../../../src/activities/run-directory.ts';
import { logs } from '../../../src/client/commands/logs.ts';
import { type ReportOptions, report, reportCommand } from '../../../src/client/commands/report.ts';
import { unreachable } from '../../../src/client/connection.ts';
import { recordSession } from '../support/recorder.ts';
import { report as sample } from '../support/samples.ts';
import { ScriptedRuns } from '../support/scripted-runs.ts';

async function parsed(...args: string[]): Promise<ReportOptions> {
  let options: ReportOptions | undefined;
  const command = reportCommand({
    perform: async (_, given) => {
      options = given as ReportOptions;
    },
  });
  await command.parseAsync(args, { from: 'user' });
  if (options === undefined) throw new Error('not performed');
  return options;
}

test('--html without a file keeps the page in the state directory and prints its path', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'rbtest-report-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const runs = new ScriptedRuns({ end: { report: sample({ run: 'nightly/1' }) } });
  const { session, stdout } = recordSession({ runs, env: { RUNBOOK_STATE_DIR: directory } });
  await report(await parsed('nightly/1', '--html'), session);
  const page = join(directory, 'reports', 'nightly%2F1.html');
  expect(stdout.text).toBe(`${page}\n`);
  expect(await readFile(page, 'utf8')).toContain('nightly/1');
});

test('--html - prints the page', async () => {
  const runs = new ScriptedRuns({ end: { report: sample() } });
  const { session, stdout } = recordSession({ runs });
  await report(await parsed('r', '--html', '-'), session);
  expect(stdout.text).toMatch(/^<!doctype html>/i);
});

test('--format junit prints test results, and not beside a page', async () => {
  const runs = new ScriptedRuns({ end: { report: sample() } });
  const { session, stdout } = recordSession({ runs });
  expect(await report(await parsed('r', '--format', 'junit'), session)).toBe(0);
  expect(stdout.text).toMatch(/^<\?xml [\s\S]+<testcase classname="deploy.lab.steps"/);
  const command = reportCommand({ perform: async () => {} }).exitOverride();
  await expect(
    command
      .configureOutput({ outputError: () => {} })
      .parseAsync(['r', '--html', '-', '--format', 'junit'], { from: 'user' }),
  ).rejects.toThrow("cannot be used with option '--html");
});

/** A machine where no server answers, whose worker has kept this of a run. */
async function withoutServer(run: string, files: Readonly<Record<string, unknown>>) {
  const state = await mkdtemp(join(tmpdir(), 'rbtest-report-'));
  onTestFinished(() => rm(state, { recursive: true }));
  const folder = runDirectory(state, run, 'execution');
  await mkdir(folder, { recursive: true });
  for (const [name, value] of Object.entries(files)) {
    await writeFile(join(folder, name), JSON.stringify(value));
  }
  const { session, ...streams } = recordSession({ env: { RUNBOOK_STATE_DIR: state } });
  const connect = () => Promise.reject(unreachable('127.0.0.1:1', new Error('nobody')));
  return { session: { ...session, connect }, folder, ...streams };
}

test('without a server the report is read where the worker has kept it', async () => {
  const kept = { 'report.json': sample({ run: 'nightly/1', outcome: 'failed' }) };
  const { session, stdout, stderr, folder } = await withoutServer('nightly/1', kept);
  expect(await report({ run: 'nightly/1' }, session)).toBe(0);
  expect(stdout.text).toContain('nightly/1');
  expect(stderr.text).toContain(`no server answers; as kept in ${folder}/report.json`);
});

test('the report of another run, whose folder is called alike, is not taken for it', async () => {
  const kept = { 'report.json': sample({ run: 'nightly-1' }) };
  const { session } = await withoutServer('nightly-1', kept);
  await expect(report({ run: 'nightly/1' }, session)).rejects.toMatchObject({
    code: 'RB_TEMPORAL_UNREACHABLE',
  });
});

test('without a server and a report the error names what is kept of the run, its logs too', async () => {
  const { session, folder } = await withoutServer('open-1', { 'platform.json': {} });
  const error = (fix: string) => ({ code: 'RB_TEMPORAL_UNREACHABLE', fix });
  await expect(report({ run: 'open-1' }, session)).rejects.toMatchObject(
    error(expect.stringMatching(new RegExp(`is in ${folder}/?$`))),
  );
  await expect(logs({ run: 'open-1' }, session)).rejects.toMatchObject(
    error(expect.stringContaining(join(folder, 'logs'))),
  );
  await expect(logs({ run: 'other' }, session)).rejects.toMatchObject(
    error(expect.not.stringContaining('without a server')),
  );
});
