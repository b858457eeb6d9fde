import { expect, test } from 'vitest';
import { approvalFor } from '../../../src/client/follow/approval.ts';
import { DefinitionFileSchema } from '../../../src/shared/definition-file.ts';
import { recordSession } from '../support/recorder.ts';

const definition = (risk: 'read' | 'reversible' | 'irreversible') =>
  DefinitionFileSchema.parse({
    schema: 'runbook.definition/v1',
    name: 'toy',
    title: 'Toy',
    description: 'x',
    risk,
  });
const approve = (
  risk: 'read' | 'reversible' | 'irreversible',
  options: { yes?: boolean; confirm?: string; platform?: string },
  isTTY: boolean,
) => approvalFor(definition(risk), { yes: false, ...options }, recordSession({ isTTY }).session);

const refusal = (code: string) => expect.objectContaining({ code });

test('what only reads needs no approval', () => {
  expect(approve('read', {}, false)).toBe('not-needed');
});

test('a reversible runbook asks on a terminal and needs --yes elsewhere', () => {
  expect(approve('reversible', {}, true)).toBe('ask');
  expect(approve('reversible', { yes: true }, false)).toBe('given');
  expect(() => approve('reversible', {}, false)).toThrow(refusal('RB_CONFIRMATION_NEEDED'));
});

test('an irreversible runbook needs the name of the platform; --yes alone is refused', () => {
  expect(approve('irreversible', { yes: true }, true)).toBe('ask');
  expect(approve('irreversible', { confirm: 'lab' }, false)).toBe('bind-plan');
  expect(() => approve('irreversible', { yes: true }, false)).toThrow(
    refusal('RB_CONFIRMATION_NEEDED'),
  );
  expect(() => approve('irreversible', { confirm: 'lab', platform: 'prod' }, false)).toThrow(
    refusal('RB_NOT_CONFIRMED'),
  );
});
