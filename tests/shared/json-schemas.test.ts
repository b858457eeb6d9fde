import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { jsonSchemas } from '../../src/shared/json-schemas.ts';

const entries = Object.entries(jsonSchemas());

test.each(entries)('schemas/%s.schema.json is what the code checks', async (name, schema) => {
  const text = await readFile(
    new URL(`../../schemas/${name}.schema.json`, import.meta.url),
    'utf8',
  );
  expect(JSON.parse(text)).toEqual(schema);
});

test('describes what people write: keys with a default may be left out', () => {
  expect(jsonSchemas().platform).toMatchObject({
    $schema: 'http://json-schema.org/draft-07/schema#',
    required: ['schema', 'name', 'compose', 'services'],
    additionalProperties: false,
  });
});
