import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { stateDirectory } from '../local/paths.ts';
import { answer, answerJson, type ExitCode, type Host, type Session } from '../session.ts';
import { startFormLink } from '../up/links.ts';
import { readNote } from '../up/note.ts';

export interface ShowOptions {
  readonly runbook: string;
}

const defaultUiPort = 8233;

export function showCommand(host: Host, work = show) {
  return new Command('show')
    .description('Show what a runbook does, its parameters, its steps and how to start it.')
    .argument('<runbook>', 'name of the runbook')
    .addHelpText('after', '\nExample:\n  runbook show deploy')
    .action((runbook) => host.perform(work, { runbook }));
}

export async function show({ runbook }: ShowOptions, session: Session): Promise<ExitCode> {
  const { requireDefinition } = await import('../local/definitions.ts');
  const { definitionLines, exampleCommand } = await import('../render/definition.ts');
  const definition = await requireDefinition(runbook);
  const up = await readNote(stateDirectory(session.env));
  const namespace = up?.namespace ?? session.settings.namespace ?? 'default';
  const link = startFormLink(up?.uiPort ?? defaultUiPort, namespace, runbook);
  const { stdout } = session.terminal;
  if (session.settings.output !== 'text') {
    answerJson(session, { ...definition, example: exampleCommand(definition), startForm: link });
  } else
    answer(session, [...definitionLines(definition, stdout.width(), stdout.style), `  ${link}`]);
  return exitCodes.done;
}
