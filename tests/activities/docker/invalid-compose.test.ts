import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { invalidCompose } from '../../../src/activities/docker/invalid-compose.ts';
import { RunbookError } from '../../../src/shared/errors.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'runbook-compose-'));
  onTestFinished(() => rm(directory, { recursive: true }));
});

/** What people are told when Compose (2.40) says this of a project of these files; `DIR` is its folder. */
async function told(words: string, files: Readonly<Record<string, string>>): Promise<RunbookError> {
  const paths = Object.keys(files).map((name) => join(directory, name));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  const why = `exit code 1\n${words.replaceAll('DIR', directory)}`;
  const listed = paths.filter((path) => !path.endsWith('included.yaml'));
  return invalidCompose(new RunbookError('RB_COMPOSE_INVALID', 'x', { why }), listed).then(
    (error) => error as RunbookError,
  );
}

const base = 'services:\n  web:\n    image: x\n';

describe('the place that Compose means is named', () => {
  const cases: [string, string, Record<string, string>, string][] = [
    [
      'for YAML that does not parse',
      "failed to parse DIR/compose.yaml: yaml: line 3: did not find expected ',' or ']'",
      { 'compose.yaml': `${base}    command: [a\n    init: true\n` },
      'compose.yaml:5:5 ',
    ],
    [
      'for a key that stands twice',
      'failed to parse DIR/compose.yaml: line 4: mapping key "image" already defined at line 3',
      { 'compose.yaml': `${base}    image: y\n` },
      'compose.yaml:4:5 ',
    ],
    [
      'for an unknown key, in the file with it',
      "validating DIR/more.yaml: services.web additional properties 'no_such_key' not allowed",
      { 'compose.yaml': base, 'more.yaml': 'services:\n  web:\n    no_such_key: 1\n' },
      'more.yaml:3:5 ',
    ],
    [
      'for an unknown key at the top',
      "validating DIR/compose.yaml:  additional properties 'servces' not allowed",
      { 'compose.yaml': `${base}servces: {}\n` },
      'compose.yaml:4:1 ',
    ],
    [
      'for a value of the wrong kind',
      'validating DIR/compose.yaml: services.web.image must be a string',
      { 'compose.yaml': base },
      'compose.yaml:3:12 ',
    ],
    [
      'for an item of a list',
      'validating DIR/compose.yaml: services.web.ports.1 must be a string',
      { 'compose.yaml': `${base}    ports:\n      - "80"\n      - []\n` },
      'compose.yaml:6:9 ',
    ],
    [
      'for a variable that must be set',
      'error while interpolating services.web.image: required variable TAG is missing a value: x',
      { 'compose.yaml': base },
      'compose.yaml:3:12 ',
    ],
    [
      'for a service that waits for none that is there',
      'service "web" depends on undefined service "db": invalid compose project',
      { 'compose.yaml': base },
      'compose.yaml:2:3 ',
    ],
    [
      'in the last of the files that say it',
      'services.web.image must be a string',
      { 'compose.yaml': base, 'more.yaml': `\n${base}` },
      'more.yaml:4:12 ',
    ],
    [
      'in a file that was only included',
      'failed to parse DIR/included.yaml: yaml: line 2: found character that cannot start any token',
      { 'compose.yaml': base, 'included.yaml': 'services:\n\tweb: {}\n' },
      'included.yaml:2:1 ',
    ],
  ];
  test.each(cases)('%s', async (_, words, files, place) => {
    const { code, why = '', fix, retry } = await told(words, files);
    expect([code, retry]).toEqual(['RB_COMPOSE_INVALID', 'never']);
    expect(why.split('\n')[0]).toContain(`${directory}/${place}`);
    expect(why).toContain(words.replaceAll('DIR', directory));
    expect(fix).toContain(place.trim());
  });
});

test('a line that only Compose knows is passed on', async () => {
  const { why } = await told('failed to parse DIR/compose.yaml: yaml: line 3: odd', {
    'compose.yaml': base,
  });
  expect(why).toContain(`${directory}/compose.yaml:3 `);
});

test('words without a place come with the files', async () => {
  const { why } = await told('invalid containerPort: abc', { 'compose.yaml': base });
  expect(why).toBe(`exit code 1\ninvalid containerPort: abc\nfiles: ${directory}/compose.yaml`);
});

test('other errors pass through', async () => {
  const stop = new Error('stopped');
  expect(await invalidCompose(stop, [])).toBe(stop);
});
