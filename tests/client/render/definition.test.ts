import { expect, test } from 'vitest';
import { definitionLines } from '../../../src/client/render/definition.ts';
import { plainStyle } from '../../../src/client/render/style.ts';
import { DefinitionFileSchema } from '../../../src/shared/definition-file.ts';

const definition = DefinitionFileSchema.parse({
  schema: 'runbook.definition/v1',
  name: 'toy',
  title: 'Toy',
  description: 'One line\nand its end.\n\nAnother paragraph.',
  risk: 'irreversible',
  onCancel: 'here',
  params: { retries: { type: 'integer', min: 1, description: 'How often.' } },
});

test('a runbook says in words what a failure and a stop lead to, and how it is started', () => {
  expect(definitionLines(definition, 80, plainStyle).join('\n')).toMatchInlineSnapshot(`
    "toy: Toy

    One line and its end.

    Another paragraph.

    risk         irreversible: some of what it changes cannot be undone
    on failure   park: it waits for a decision
    on cancel    here: things stay as they are when it is stopped

    Parameters
      retries (integer of at least 1; required)
          How often.

    Start
      runbook start toy --set retries=VALUE --confirm PLATFORM"
  `);
});
