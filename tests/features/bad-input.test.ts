import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { limits } from '../../src/shared/limits.ts';
import { taskQueue } from '../../src/shared/messages.ts';
import { expectUntouched, failureFacts } from '../support/failure-facts.ts';
import { World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await World.open({ platform: 'mini' });
});
afterAll(() => world.close());
afterEach(() => expectUntouched(world.platform));

/** An input of exactly so many bytes as JSON; `letter` may take several. */
function inputOf(bytes: number, letter = 'x'): object {
  const wrapped = (reason: string) => ({ meta: { reason } });
  const room = bytes - JSON.stringify(wrapped('')).length;
  const letters = letter.repeat(Math.floor(room / Buffer.byteLength(letter)));
  return wrapped(letters.padEnd(letters.length + room - Buffer.byteLength(letters), 'x'));
}

function nested(depth: number, innermost: string): unknown {
  return JSON.parse(`${'{"a":'.repeat(depth)}${innermost}${'}'.repeat(depth)}`);
}

describe('an input from the UI', () => {
  const invalid: [string, unknown, string[]][] = [
    ['null', null, ['(top): expected an object, got null']],
    ['a list', [], ['(top): expected an object, got a list']],
    ['a text', 'x', ['(top): expected an object, got "x"']],
    ['a number', 7, ['(top): expected an object, got 7']],
    [
      'an unknown key',
      { platfrom: 'mini' },
      ['platfrom: expected a known key (did you mean "platform"?), got "platfrom"'],
    ],
    [
      'an unknown parameter',
      { params: { removeOrphan: true } },
      [
        'params.removeOrphan: expected a known parameter (did you mean "removeOrphans"?), got "removeOrphan"',
      ],
    ],
    [
      'wrong types everywhere, all of them told at once',
      { platform: 7, params: { removeOrphans: 'yes' }, options: { plan: 1, onFailure: 'undoo' } },
      [
        'platform: expected text, got 7',
        'options.plan: expected true or false, got 1',
        'options.onFailure: expected one of "park", "undo", "abort" (did you mean "undo"?), got "undoo"',
        'params.removeOrphans: expected true or false, got "yes"',
      ],
    ],
    [
      'keys that reach a prototype, however deep',
      {
        constructor: {},
        params: JSON.parse('{"a":[{"b":{"__proto__":{"plan":false}}}]}'),
        meta: nested(500, '{"prototype":1}'),
      },
      [
        'constructor: expected another key, got "constructor"',
        'params.a.0.b.__proto__: expected another key, got "__proto__"',
        'a.a.a.a.a.a.a.a.prototype: expected another key, got "prototype"',
      ],
    ],
  ];
  test.each(invalid)('%s', async (_, request, problems) => {
    const { code, why } = await failureFacts(await world.start('deploy', request));
    expect(code).toBe('RB_INPUT_INVALID');
    expect(why.split('\n').sort()).toEqual([...problems].sort());
  });

  test('an unknown platform names the nearest', async () => {
    const { name } = world.platform;
    const run = await world.start('deploy', { platform: `${name}x` });
    const { code, why } = await failureFacts(run);
    expect(code).toBe('RB_INPUT_INVALID');
    expect(why).toBe(`platform: expected "${name}" (did you mean "${name}"?), got "${name}x"`);
  });

  test.each([
    ['deplyo', '(did you mean "deploy"?)'],
    ['../../../etc/passwd', '"../../../etc/passwd"'],
    ['default', '"default"'],
    ['toString', '"toString"'],
    ['constructor', '"constructor"'],
  ])('the unknown runbook %s ends at once', async (runbook, words) => {
    const { code, what, why } = await failureFacts(await world.start(runbook));
    expect(code).toBe('RB_RUNBOOK_UNKNOWN');
    expect(what).toContain(words);
    expect(why).toBe(
      'the runbooks are: deploy, migrate-secrets, restart, rotate-secrets, verify-platform',
    );
  });

  test.each(['x', 'é', '😀'])('at the limit in bytes of "%s", and one past it', async (letter) => {
    const most = await failureFacts(
      await world.start('deploy', inputOf(limits.inputBytes, letter)),
    );
    expect(most.code).toBe('RB_INPUT_INVALID');
    expect(most.why).toMatch(/^meta\.reason: expected at most 500 characters, got /);
    const larger = inputOf(limits.inputBytes + 1, letter);
    const past = await failureFacts(await world.start('deploy', larger));
    expect(past.code).toBe('RB_INPUT_TOO_LARGE');
    expect(past.what).toContain(String(limits.inputBytes + 1));
  });

  test('1.5 MB, which the server still takes, is refused by the run', async () => {
    const { code, what } = await failureFacts(await world.start('deploy', inputOf(1_500_000)));
    expect(code).toBe('RB_INPUT_TOO_LARGE');
    expect(what).toContain('1500000');
  });

  test('3 MB is refused by the server: there is no run', async () => {
    await expect(world.start('deploy', inputOf(3_000_000))).rejects.toMatchObject({
      cause: { details: 'Blob data size exceeds limit.' },
    });
  });
});

describe('an input from the CLI', () => {
  const start = ['start', 'deploy', '--yes'];
  const refused: [string, string[], string][] = [
    ['an unknown runbook', ['start', 'deplyo', '--yes'], 'did you mean "deploy"?'],
    ['an unknown parameter', [...start, '--set', 'removeOrphan=true'], '"removeOrphans"?'],
    ['a wrong type', [...start, '--set', 'removeOrphans=7'], 'expected true or false, got 7'],
    ['a prototype key', [...start, '--set', '__proto__=1'], 'expected another key'],
    ['an unknown platform', [...start, '--platform', '../x'], 'got "../x"'],
  ];
  test.each(refused)('%s', async (_, args, words) => {
    const { exitCode, stderr } = await world.cli(...args);
    expect(stderr).toMatch(
      /^error RB_(INPUT_INVALID|RUNBOOK_UNKNOWN): \S[\s\S]*^ {2}why +\S[\s\S]*^ {2}fix +\S/m,
    );
    // The CLI wraps lines.
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(words);
    expect(stderr).toContain('nothing was changed');
    expect(exitCode).toBe(2);
  });

  test('a refused start leaves no run behind, and an accepted one names its platform', async () => {
    const runs = async () => {
      const { stdout } = await world.cli('history', '-n', '500', '-o', 'json');
      return (JSON.parse(stdout) as { run: string }[]).map(({ run }) => run);
    };
    const before = await runs();
    for (const wrong of [
      ['--platform', 'labb'],
      ['--set', 'foo=1'],
    ]) {
      expect((await world.cli('start', 'deploy', '--plan', ...wrong)).exitCode).toBe(2);
    }
    expect(await runs()).toEqual(before);
    expect((await world.cli('start', 'deploy', '--plan')).exitCode).toBe(0);
    const [made = ''] = (await runs()).filter((run) => !before.includes(run));
    expect(made.startsWith(`deploy-${world.platform.name}-`)).toBe(true);
  });

  const files: [string, string, string][] = [
    ['a list', '[]', 'expected an object of parameters'],
    ['100 KB', JSON.stringify({ removeOrphans: 'x'.repeat(100_000) }), 'RB_INPUT_TOO_LARGE'],
    ['3 MB', JSON.stringify({ removeOrphans: 'x'.repeat(3_000_000) }), 'it is too large'],
    ['a prototype key', '{"a": {"__proto__": {"removeOrphans": true}}}', 'expected another key'],
  ];
  test.each(files)('a file of parameters with %s', async (_, text, words) => {
    const file = join(world.stateDirectory, 'vars.json');
    await writeFile(file, text);
    const { exitCode, stderr } = await world.cli(...start, '--vars', file);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(words);
    expect(exitCode).toBe(2);
  });
});

test('workflow ids that try to leave the state directory', async () => {
  const ids = ['../../etc/x', '..', '-rf', '$(id)', 'a\nb', 'é/😀\u202e', 'x'.repeat(900)];
  const runs = join(world.stateDirectory, 'runs');
  const before = await readdir(runs);
  const args = [{ options: { plan: true } }];
  const reports = await Promise.all(
    ids.map(async (workflowId) =>
      world.report(await world.client.workflow.start('deploy', { taskQueue, workflowId, args })),
    ),
  );
  expect(reports.map(({ run, outcome }) => [run, outcome])).toEqual(
    ids.map((id) => [id, 'planned']),
  );
  const made = (await readdir(runs)).filter((name) => !before.includes(name));
  expect(made).toHaveLength(ids.length);
  for (const name of made) {
    expect(name).toMatch(/^[A-Za-z0-9-]{1,60}\.[0-9a-f]{12}$/);
    expect(await readdir(join(runs, name))).toContain('report.json');
  }
});
