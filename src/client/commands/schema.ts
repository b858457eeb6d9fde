import { Argument, Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { examples } from '../options.ts';
import { answerJson, type ExitCode, type Host, respond, type Session } from '../session.ts';

/** The schemas by name, as `shared/json-schemas.ts` has them: the help does not wait for zod. */
export const schemaNames = ['platform', 'definition', 'config', 'run-request'] as const;

export interface SchemaOptions {
  readonly name: (typeof schemaNames)[number] | 'list';
}

export function schemaCommand(host: Host, work = schema) {
  return new Command('schema')
    .description(
      'Print the JSON Schema of a file that people write, for editors and other checkers; ' +
        'with list: what there is.',
    )
    .addArgument(new Argument('<name>', 'which one').choices([...schemaNames, 'list'] as const))
    .addHelpText('after', examples('runbook schema list', 'runbook schema platform > schema.json'))
    .action((name) => host.perform(work, { name }));
}

export async function schema({ name }: SchemaOptions, session: Session): Promise<ExitCode> {
  const { jsonSchemas } = await import('../../shared/json-schemas.ts');
  const { table } = await import('../render/table.ts');
  const schemas = jsonSchemas();
  if (name !== 'list') {
    // A schema is JSON whatever the format: there is no other text of it.
    answerJson(session, schemas[name]);
    return exitCodes.done;
  }
  const rows = schemaNames.map((known) => ({ name: known, title: titleOf(schemas[known]) }));
  respond(session, rows, (width, style) =>
    table(
      ['SCHEMA', 'WHAT IT DESCRIBES'],
      rows.map((row) => [row.name, row.title]),
      width,
      style,
    ),
  );
  return exitCodes.done;
}

const titleOf = (found: object) => ('title' in found ? String(found.title) : '');
