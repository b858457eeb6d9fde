import { Command, Option } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import type { RunReport } from '../../shared/report.ts';
import { CommandError } from '../errors.ts';
import { fileTrouble } from '../local/file-trouble.ts';
import { exampleRun, examples } from '../options.ts';
import { shellWord } from '../render/text.ts';
import { type ExitCode, type Host, note, respond, type Session } from '../session.ts';

export interface ReportOptions {
  readonly run: string;
  /** True: a page in the state directory. */
  readonly html?: string | true | undefined;
  readonly format?: 'junit' | undefined;
}

export function reportCommand(host: Host, work = report) {
  return new Command('report')
    .description('Print the report of a run that has ended, or write it as one HTML page.')
    .argument('<run>', 'id of the run')
    .option(
      '--html [file]',
      'write the page to a file (default: in the state directory); - prints it',
    )
    .addOption(
      new Option('--format <format>', 'print it as test results, for build servers')
        .choices(['junit'] as const)
        .conflicts('html'),
    )
    .addHelpText(
      'after',
      examples(
        `runbook report ${exampleRun} --html deploy.html`,
        `runbook report ${exampleRun} --format junit > results.xml`,
      ),
    )
    .action((run, { html, format }) => host.perform(work, { run, html, format }));
}

export async function report(
  { run, html, format }: ReportOptions,
  session: Session,
): Promise<ExitCode> {
  const found = await fetchReport(run, session);
  if (format === 'junit') {
    const { renderJunit } = await import('../../report/junit/junit.ts');
    session.terminal.stdout.stream.write(renderJunit(found));
    return exitCodes.done;
  }
  if (html !== undefined) return writePage(found, html, session);
  const { reportLines } = await import('../render/report.ts');
  respond(session, found, (width, style) => reportLines(found, width, style));
  return exitCodes.done;
}

/** From the server; where none answers, as the worker has kept it on this machine. */
async function fetchReport(run: string, session: Session): Promise<RunReport> {
  const { isUnreachable, namingFiles } = await import('../local/kept-files.ts');
  const { keptReport } = await import('../local/run-folders.ts');
  return namingFiles(run, '', session, () => askReport(run, session)).catch(
    async (error: unknown) => {
      const kept = isUnreachable(error) ? await keptReport(run, session.env) : undefined;
      if (kept === undefined) throw error;
      const { folder, report: found } = kept;
      note(session, [`no server answers; as kept in ${folder}/report.json and report.html:`, '']);
      return found;
    },
  );
}

async function askReport(run: string, session: Session): Promise<RunReport> {
  const { endedWithout } = await import('../follow/tell-end.ts');
  const runs = await session.connect();
  if ((await runs.find(run)).open) throw stillOpen(run);
  const end = await runs.end(run);
  if (end.report === undefined) throw endedWithout(run, end);
  return end.report;
}

async function writePage(
  found: RunReport,
  file: string | true,
  session: Session,
): Promise<ExitCode> {
  const { renderHtml } = await import('../../report/html.ts');
  const page = renderHtml(found);
  if (file === '-') {
    session.terminal.stdout.stream.write(page);
    return exitCodes.done;
  }
  const { mkdir, writeFile } = await import('node:fs/promises');
  const { dirname, join, resolve } = await import('node:path');
  const { stateDirectory } = await import('../local/paths.ts');
  const own = join(stateDirectory(session.env), 'reports', `${encodeURIComponent(found.run)}.html`);
  const path = file === true ? own : resolve(session.cwd, file);
  try {
    if (file === true) await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, page);
  } catch (error) {
    throw new CommandError('RB_FILE_UNWRITABLE', `cannot write ${path}`, {
      why: fileTrouble(error),
      fix: 'choose a file in a folder that you may write to',
    });
  }
  respond(session, { file: path }, () => [path]);
  return exitCodes.done;
}

function stillOpen(run: string): CommandError {
  return new CommandError('RB_RUN_OPEN', `the run ${run} has not ended`, {
    why: 'a report is written when a run ends',
    fix: `runbook watch ${shellWord(run)}`,
    context: { run },
  });
}
