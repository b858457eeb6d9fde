import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createComposeCli } from '../../src/activities/docker/compose-cli.ts';
import { resolveConfig } from '../../src/activities/resolved-config.ts';
import { type EnvironmentFixture, environmentFixture } from './support/environment.ts';

/** Compose itself reads the files; it needs no Docker engine for it. */
const withCompose = () =>
  environmentFixture({
    checkConfig: async (...input) => void (await resolveConfig(createComposeCli(), ...input)),
  });

const files = ({ platform }: EnvironmentFixture) => readdir(platform.directory);

const compose = (web: string) => `services:\n  db: { image: x }\n  web:\n${web}`;

describe('before anything is written', () => {
  test('a compose file that is no YAML is refused with its place', async () => {
    const environment = await withCompose();
    await environment.put('compose.yaml', compose('    command: [a\n    init: true\n'));
    await expect(environment.verdict()).rejects.toMatchObject({
      code: 'RB_COMPOSE_INVALID',
      retry: 'never',
      why: expect.stringMatching(/compose\.yaml:5:\d+ \S/),
      fix: expect.stringMatching(/\S/),
    });
    expect(await files(environment)).toEqual(['compose.yaml']);
  });

  test('a key that Compose does not know is refused with its place', async () => {
    const environment = await withCompose();
    await environment.put('compose.yaml', compose('    image: y\n    no_such_key: 1\n'));
    await expect(environment.verdict()).rejects.toMatchObject({
      code: 'RB_COMPOSE_INVALID',
      why: expect.stringMatching(/compose\.yaml:5:5 .*no_such_key/),
    });
    expect(await files(environment)).toEqual(['compose.yaml']);
  });

  test('a member that is no compose service is refused', async () => {
    const environment = await withCompose();
    await environment.put('compose.yaml', 'services: { db: { image: x } }\n');
    await expect(environment.verdict()).rejects.toMatchObject({ code: 'RB_UNKNOWN_MEMBER' });
    expect(await files(environment)).toEqual(['compose.yaml']);
  });

  test('the compose files are read as they will be with the new environment', async () => {
    const environment = await withCompose();
    const web = `    image: "y:\${PORT:?}"\n    env_file: .env\n`;
    await environment.put('compose.yaml', compose(web));
    expect(await environment.verdict()).toMatchObject({ state: 'absent' });
    expect(await files(environment)).toEqual(['compose.yaml']);
  });
});

test('an environment that is in place does not have the compose files read again', async () => {
  let reads = 0;
  const environment = await environmentFixture({
    checkConfig: async () => {
      reads += 1;
    },
  });
  await environment.verdict();
  expect(reads).toBe(1);
  await environment.write();
  await environment.verdict();
  expect(reads).toBe(1);
});
