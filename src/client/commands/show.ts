import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { stateDirectory } from '../local/paths.ts';
import { examples } from '../options.ts';
import { type ExitCode, type Host, respond, type Session } from '../session.ts';
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
    .addHelpText('after', examples('runbook show deploy'))
    .action((runbook) => host.perform(work, { runbook }));
}

export async function show({ runbook }: ShowOptions, session: Session): Promise<ExitCode> {
  const { requireDefinition } = await import('../local/definitions.ts');
  const { definitionLines, exampleCommand } = await import('../render/definition.ts');
  const definition = await requireDefinition(runbook);
  const up = await readNote(stateDirectory(session.env));
  const namespace = up?.namespace ?? session.settings.namespace ?? 'default';
  const link = startFormLink(up?.uiPort ?? defaultUiPort, namespace, runbook);
  const value = { ...definition, example: exampleCommand(definition), startForm: link };
  respond(session, value, (width, style) => [
    ...definitionLines(definition, width, style),
    '  or, while runbook is up, with the form of the Temporal UI:',
    `  ${link}`,
  ]);
  return exitCodes.done;
}
