import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type ReportOptions, report, reportCommand } from '../../../src/client/commands/report.ts';
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
