import { expect, test } from 'vitest';
import { runInProcess } from '../support/in-process.ts';

/** What a command line that the parser refuses is told, where no server answers. */
async function refusal(...args: string[]) {
  const env = { TEMPORAL_ADDRESS: '127.0.0.1:1', HOME: '/nowhere' };
  const { code, stdout, stderr } = await runInProcess(['-o', 'json', ...args], {
    cwd: '/nowhere',
    env,
  });
  expect([code, stdout]).toEqual([2, '']);
  const { error } = JSON.parse(stderr);
  expect(error).toEqual({
    code: 'RB_USAGE',
    what: expect.any(String),
    why: expect.any(String),
    fix: expect.any(String),
  });
  return [error.what, error.why, error.fix] as const;
}

test('a command, an option and a choice that are near a real one are told it', async () => {
  expect(await refusal('strt')).toEqual([
    'runbook has no command strt',
    'did you mean "start"?',
    'runbook start --help',
  ]);
  expect(await refusal('schedule', 'pouse')).toEqual([
    'runbook schedule has no command pouse',
    'did you mean "pause"?',
    'runbook schedule pause --help',
  ]);
  expect(await refusal('start', 'deploy', '--platfrom=lab')).toEqual([
    'runbook start has no option --platfrom',
    'did you mean "--platform"?',
    'runbook start --help',
  ]);
  expect(await refusal('stop', 'r', '--quite', '--why', 'x')).toContain('did you mean "--quiet"?');
  const [what, why] = await refusal('list', '--color', 'alwys');
  expect(what).toBe('--color cannot be "alwys"');
  expect(why).toBe('expected one of auto, always, never (did you mean "always"?)');
});

test('the name of a runbook in place of a command is what to start', async () => {
  for (const word of ['deploy', 'deplyo']) {
    const [, why, fix] = await refusal(word, 'lab');
    expect(why).toBe('deploy is a runbook: it is started');
    expect(fix).toMatch(/^runbook start deploy;/);
  }
});

test('all that is missing is named at once, with what it means', async () => {
  expect(await refusal('locks', 'release')).toEqual([
    'runbook locks release needs <key> and --why <text>',
    '<key>: the lock, as runbook locks prints it\n--why <text>: the reason; kept in the report',
    'runbook locks release --help',
  ]);
  expect((await refusal('list', '-o'))[0]).toBe('--output needs a value');
  expect((await refusal('completion'))[1]).toContain('one of bash, zsh, fish');
  expect((await refusal('secrets'))[1]).toMatch(/^its commands: list, show,/);
});

test('without a runbook the runbooks are named', async () => {
  for (const command of ['start', 'show']) {
    const [what, why] = await refusal(command);
    expect(what).toBe(`runbook ${command} needs <runbook>`);
    expect(why).toMatch(/the runbooks: deploy, .*verify-platform/);
  }
});

test('what is too much or contradicts itself is named', async () => {
  expect((await refusal('start', 'deploy', 'lab'))[0]).toBe('runbook start does not take "lab"');
  const plans = ['--plan', '--plan-file', 'x'];
  expect((await refusal('start', ...plans))[0]).toMatch(/--plan.* cannot be given together$/);
  const port = await refusal('up', '--port', "it's");
  expect(port.slice(0, 2)).toEqual([
    '--port cannot be "it\'s"',
    'expected a number from 1 to 65535',
  ]);
});

test('without a run and without a server it is a usage error alone', async () => {
  expect(await refusal('decide', '--retry')).toEqual([
    'runbook decide needs <run>',
    '<run>: id of the run',
    'runbook decide --help',
  ]);
});
