import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type SchemaOptions, schema, schemaNames } from '../../../src/client/commands/schema.ts';
import { runProgram } from '../../../src/client/program.ts';
import { jsonSchemas } from '../../../src/shared/json-schemas.ts';
import { Recorder, recordSession } from '../support/recorder.ts';

async function printed(name: SchemaOptions['name'], output: 'text' | 'json' | 'jsonl' = 'text') {
  const { session, stdout, stderr } = recordSession({ settings: { output } });
  expect(await schema({ name }, session)).toBe(0);
  expect(stderr.text).toBe('');
  return stdout.text;
}

test('the command offers every schema that the code has', () => {
  expect([...schemaNames].sort()).toEqual(Object.keys(jsonSchemas()).sort());
});

test.each(schemaNames)('%s is printed as the file that editors read', async (name) => {
  const file = new URL(`../../../schemas/${name}.schema.json`, import.meta.url);
  expect(await printed(name)).toBe(await readFile(file, 'utf8'));
  expect(JSON.parse(await printed(name, 'jsonl'))).toEqual(jsonSchemas()[name]);
});

test('list names them, for people and for machines', async () => {
  expect(await printed('list')).toMatch(/^SCHEMA .*\nplatform {5}The platform file of runbook\n/);
  expect(JSON.parse(await printed('list', 'json'))).toContainEqual({
    name: 'run-request',
    title: 'What starts a run',
  });
});

test('another name is refused with those that there are', async () => {
  const stderr = new Recorder(false);
  const streams = { stdin: process.stdin, stdout: new Recorder(false), stderr };
  const code = await runProgram(['schema', 'platfrom'], {
    ...streams,
    env: {},
    cwd: () => '/nowhere',
    on: () => {},
  });
  expect(code).toBe(2);
  expect(stderr.text).toContain('platform, definition, config, run-request, list');
});
