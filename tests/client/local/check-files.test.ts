import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkFiles } from '../../../src/client/local/check-files.ts';
import type { Environment } from '../../../src/client/terminal.ts';

/** A folder with these files; its platform is checked with the environment. */
async function checked(files: Readonly<Record<string, string>>, env: Environment = process.env) {
  const cwd = await mkdtemp(join(tmpdir(), 'rbtest-validate-'));
  onTestFinished(() => rm(cwd, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
  const [result] = await checkFiles(['platform.yaml'], { cwd, env, configFiles: [] });
  return { cwd, ...result };
}

const platform = (rest: string, files = 'compose.yaml') => `schema: runbook.platform/v1
name: lab
compose: { project: lab, files: [${files}] }
${rest}
`;
const web = 'services: { web: { kind: container } }';
const compose = (rest: string) => `services:\n  web:\n    image: nginx\n${rest}`;

test('a setting that the kind of its service does not know is named with its place', async () => {
  const text = platform('services:\n  web: { kind: http, settings: { prot: 80, port: 80 } }');
  const { error } = await checked({ 'platform.yaml': text, 'compose.yaml': compose('') });
  expect(error).toMatchObject({
    code: 'RB_FILE_INVALID',
    why: 'platform.yaml:5:34 services.web.settings.prot: expected a known key (did you mean "port"?), got "prot"',
  });
});

test('a compose file that is not there is named where the platform file names it', async () => {
  const { error } = await checked({ 'platform.yaml': platform(web, 'compse.yaml') });
  expect(error?.why).toBe(
    'platform.yaml:3:34 compose.files[0]: expected a compose file that is there, got "compse.yaml"',
  );
});

test('a compose file that does not parse is named with its place, and Compose says why', async () => {
  const { cwd, error } = await checked({
    'platform.yaml': platform(web),
    'compose.yaml': compose('    ports: [80'),
  });
  expect(error).toMatchObject({ code: 'RB_COMPOSE_INVALID', fix: expect.any(String) });
  expect(error?.why).toMatch(new RegExp(`^${cwd}/compose\\.yaml:\\d+:\\d+ .+\nyaml: `));
});

test('a key that Compose does not know is named with its place', async () => {
  const { cwd, error } = await checked({
    'platform.yaml': platform(web),
    'compose.yaml': compose('    prots: ["80"]'),
  });
  expect(error?.why).toContain(`${cwd}/compose.yaml:4:5 services.web.prots\n`);
});

test('a variable that nobody sets is an error where Compose requires it, else a warning', async () => {
  const variables = 'environment: { variables: { OWN: { description: x, required: true } } }';
  const text = platform(`${variables}\n${web}`);
  const uses = (value: string) => compose(`    environment: { A: "\${${value}}", B: "\${OWN:?}" }`);
  const must = await checked({ 'platform.yaml': text, 'compose.yaml': uses('MUST:?') });
  expect(must.error?.why).toBe('MUST is set nowhere, and compose.yaml:4 requires it');
  const plain = await checked({ 'platform.yaml': text, 'compose.yaml': uses('PLAIN') });
  expect(plain.error).toBeUndefined();
  expect(plain.warnings).toEqual(['PLAIN is set nowhere, and compose.yaml:4 takes it']);
  const set = { 'platform.yaml': text, 'compose.yaml': uses('PLAIN'), '.env': 'PLAIN=1\n' };
  expect((await checked(set)).warnings).toBeUndefined();
});

test('values of the environment file reach no answer', async () => {
  const result = await checked({
    'platform.yaml': platform(web),
    'compose.yaml': compose(`    ports: ["\${PORT}"]`),
    '.env': 'PORT=canary7f\n',
  });
  expect(JSON.stringify(result)).not.toContain('canary7f');
});

test('without Compose it says that the compose files were not checked by Compose', async () => {
  const files = { 'platform.yaml': platform(web), 'compose.yaml': compose('') };
  const result = await checked(files, { RUNBOOK_COMPOSE: '/nonexistent' });
  expect(result.error).toBeUndefined();
  expect(result.unchecked).toBe('Docker Compose was not found here');
});
