import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ErrorFacts } from '../../src/shared/errors.ts';
import { exitCodes } from '../../src/shared/exit-codes.ts';
import { expectUntouched, failureFacts } from '../support/failure-facts.ts';
import { World } from '../support/world.ts';

let world: World;
let originals: Map<string, string>;
beforeAll(async () => {
  world = await World.open({ platform: 'mini' });
  const { platform } = world;
  const files = ['platform.yaml', 'compose.yaml', '.env.example'];
  originals = new Map();
  for (const file of files) originals.set(file, await platform.read(file));
});
afterAll(() => world.close());
afterEach(async () => {
  for (const [file, text] of originals) await world.platform.edit(file, () => text);
  await world.fresh();
});

/** Replaces one text that must be there, and returns the line on which it stands. */
async function replace(file: string, old: string, replacement: string): Promise<number> {
  const text = await world.platform.read(file);
  expect(text).toContain(old);
  await world.platform.edit(file, () => text.replace(old, () => replacement));
  return text.slice(0, text.indexOf(old)).split('\n').length;
}

const deploy = async () => failureFacts(await world.start('deploy'));

describe('a platform file', () => {
  /** Refused by a run and by `validate`, which prints the same lines. */
  async function expectRefused(...lines: readonly string[]): Promise<void> {
    const { platformFile } = world.platform;
    const { code, why } = await deploy();
    expect(code).toBe('RB_FILE_INVALID');
    for (const line of lines) expect(why).toContain(`${platformFile}:${line}`);
    expect(why.split('\n')).toHaveLength(lines.length);
    const { exitCode, stdout } = await world.cli('validate', platformFile);
    const words = stdout.replaceAll(/\s+/g, '');
    for (const line of lines) expect(words).toContain(line.replaceAll(/\s+/g, ''));
    expect(exitCode).toBe(2);
    await expectUntouched(world.platform);
  }

  test('with broken YAML', async () => {
    const line = await replace('platform.yaml', '    kind: http\n', '    kind: http: x\n');
    await expectRefused(`${line}:11 Nested mappings are not allowed in compact mappings`);
  });

  test('with a bomb of aliases is refused at once', async () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const below =
        level === 0
          ? '"x"'
          : Array(9)
              .fill(`*a${level - 1}`)
              .join(', ');
      return `a${level}: &a${level} [${below}]`;
    });
    await world.platform.edit('platform.yaml', (text) => `${levels.join('\n')}\n${text}`);
    const startedAt = Date.now();
    await expectRefused('1:1 expected at most 100 aliases, got more');
    expect(Date.now() - startedAt).toBeLessThan(10_000);
  });

  test('with an unknown key', async () => {
    const line = await replace('platform.yaml', 'healthTimeout: 30s', 'healthTimeuot: 30s');
    const problem =
      'services.db.healthTimeuot: expected a known key (did you mean "healthTimeout"?)';
    await expectRefused(`${line}:5 ${problem}, got "healthTimeuot"`);
  });

  test('with a setting that the kind of its service does not take', async () => {
    const line = await replace('platform.yaml', 'containerUser:', 'conatinerUser:');
    const problem =
      'services.db.settings.conatinerUser: expected a known key (did you mean "containerUser"?)';
    await expectRefused(`${line}:17 ${problem}, got "conatinerUser"`);
  });

  test.each(['../x', 'a;rm -rf', '$(id)', '-rf', '.', 'a/b', 'a\\nb'])(
    'with the name "%s"',
    async (name) => {
      const { project, name: own } = world.platform;
      const expected = 'expected a name of lower-case letters, digits, "-" and "_", got';
      const nameLine = await replace('platform.yaml', `name: ${own}`, `name: "${name}"`);
      await replace('platform.yaml', `project: ${project}`, `project: "${name}"`);
      const service = await replace('platform.yaml', '  migrate:\n', `  "${name}":\n`);
      const { code, why } = await deploy();
      expect(code).toBe('RB_FILE_INVALID');
      const file = world.platform.platformFile;
      expect(why).toContain(`${file}:${nameLine}:7 name: ${expected} "${name}"`);
      expect(why).toContain(`compose.project: ${expected} "${name}"`);
      expect(why).toContain(`${file}:${service}:3 services.`);
      await expectUntouched(world.platform);
    },
  );

  test('with paths that leave its folder', async () => {
    const own = `project: ${world.platform.project}`;
    const line = await replace('platform.yaml', own, `${own}\n  files: [../compose.yaml, /etc/x]`);
    const expected = "expected a path below this file's folder, got";
    await expectRefused(
      `${line + 1}:11 compose.files[0]: ${expected} "../compose.yaml"`,
      `${line + 1}:28 compose.files[1]: ${expected} "/etc/x"`,
    );
  });

  test('with a log pattern that does not compile', async () => {
    const allow = 'logs:\n  allow:\n';
    const line = '    - { service: web, pattern: "a(b", reason: none, expires: 2999-01-01 }\n';
    const end = await replace('platform.yaml', '\nservices:\n', `\n${allow}${line}services:\n`);
    await expectRefused(
      `${end + 3}:32 logs.allow[0].pattern: expected a regular expression, got one that does not compile (Unterminated group)`,
    );
  });
});

describe('compose files', () => {
  /** Refused before anything was written, and nothing is there that would have to be undone. */
  async function expectRefused(): Promise<Required<ErrorFacts>> {
    const run = await world.start('deploy');
    const facts = await failureFacts(run);
    expect(await world.report(run)).toMatchObject({ outcome: 'failed', changed: false });
    await expectUntouched(world.platform);
    return facts;
  }

  test('without a member of the platform file name the nearest', async () => {
    await replace('platform.yaml', '    kind: http\n', '    kind: http\n    members: [webb]\n');
    const { code, what, fix } = await expectRefused();
    expect(code).toBe('RB_UNKNOWN_MEMBER');
    expect(what).toBe('the compose files have no service "webb" (did you mean "web"?)');
    expect(fix).toContain('services.web.members');
  });

  test('that Compose refuses bring the place and its own message', async () => {
    const line = await replace(
      'compose.yaml',
      'command: [web]',
      'command: [web]\n    no_such_key: 1',
    );
    const { exitCode, stderr } = await world.cli('start', 'deploy', '--yes');
    expect(stderr).toContain('RB_COMPOSE_INVALID');
    const words = stderr.replaceAll(/\s+/g, '');
    expect(words).toContain(`compose.yaml:${line + 1}:5services.web.no_such_key`);
    expect(words).toContain("additionalproperties'no_such_key'notallowed");
    expect(exitCode).toBe(exitCodes.refused);
    await expectUntouched(world.platform);
  });

  test('that are no YAML bring the place', async () => {
    await replace('compose.yaml', 'command: [web]', 'command: [web');
    const { code, why } = await expectRefused();
    expect(code).toBe('RB_COMPOSE_INVALID');
    const file = join(world.platform.directory, 'compose.yaml');
    expect(why.split(/:\d+:\d+ /)[0]).toBe(file);
    expect(why).toMatch(/yaml: line \d+/);
  });
});

describe('an environment file', () => {
  test('with a variable twice works, and says so', async () => {
    const text = 'WEB_TOKEN=abcdefgh12345678\n'.repeat(2);
    await writeFile(join(world.platform.directory, '.env'), text);
    const run = await world.start('deploy', { options: { plan: true } });
    expect(await world.report(run)).toMatchObject({ outcome: 'planned' });
    const { stdout } = await world.cli('logs', run.workflowId, 'environment');
    expect(stdout).toContain(
      'warning: .env:1 WEB_TOKEN stands again on .env:2, with the same value; remove line 1',
    );
    expect(await world.platform.read('.env')).toBe(text);
  });

  test('without a variable that a compose file requires names the line', async () => {
    const command = 'command: [web, "$' + '{NEEDED:?}"]';
    const line = await replace('compose.yaml', 'command: [web]', command);
    const { code, why } = await deploy();
    expect(code).toBe('RB_ENVIRONMENT');
    expect(why).toContain(`NEEDED is set nowhere, and compose.yaml:${line} requires it`);
    await expectUntouched(world.platform);
  });

  const nowhere = '$' + '{NOWHERE}';
  const refused: [string, string, string][] = [
    ['a conflict', 'WEB_PORT=1\nWEB_PORT=2\n', '.env:1 WEB_PORT has another value on .env:2'],
    ['a reference to nothing', `\nWEB_TOKEN=abc${nowhere}\n`, '.env:2 WEB_TOKEN refers to NOWHERE'],
    ['a secret that everybody knows', '# own\nWEB_TOKEN=changeme123\n', '.env:2 WEB_TOKEN has a'],
    ['a derived value set by hand', 'WEB_URL=http://x\n', '.env:1 WEB_URL is set by hand'],
    ['a line that Compose cannot read', "\nA='\n", '.env:2 docker compose cannot read line 2'],
    ['an empty required variable', 'ORIGIN=\n', '.env:1 ORIGIN has no value: Where from.'],
    ['no required variable', 'WEB_PORT=1\n', '.env ORIGIN has no value: Where from.'],
  ];
  test.each(refused)('with %s', async (_, text, problem) => {
    if (problem.includes('ORIGIN')) {
      const variable = '    ORIGIN: { description: Where from., required: true }\n';
      await replace('platform.yaml', '  variables:\n', `  variables:\n${variable}`);
    }
    await writeFile(join(world.platform.directory, '.env'), text);
    const { code, why } = await deploy();
    expect(code).toBe('RB_ENVIRONMENT');
    expect(why).toContain(problem);
    expect(why.split('\n')).toHaveLength(1);
    expect(why).not.toContain('changeme');
    expect(await world.platform.read('.env')).toBe(text);
    await world.platform.reset();
    await expectUntouched(world.platform);
  });
});
