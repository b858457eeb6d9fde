import { expect, test } from 'vitest';
import { environmentFixture } from './support/environment.ts';

test('a variable that stands twice with one value is a warning with both places', async () => {
  const { put, verdict, log } = await environmentFixture();
  await put('.env', 'PORT=81\n# own\nPORT=81\n');
  const { output } = await verdict();
  expect(output?.warnings).toMatchObject([{ kind: 'duplicate', variable: 'PORT', line: 1 }]);
  expect(log).toContain(
    'warning: .env:1 PORT stands again on .env:3, with the same value; remove line 1',
  );
});

test('a variable that stands twice with two values is refused with both places', async () => {
  const { put, verdict } = await environmentFixture();
  await put('.env', 'PORT=81\nPORT=82\n');
  await expect(verdict()).rejects.toMatchObject({
    code: 'RB_ENVIRONMENT',
    why: '.env:1 PORT has another value on .env:2, and docker compose takes that one; remove line 1 or line 2',
  });
});

test('a secret that stands twice and empty is generated once, for both', async () => {
  const { put, write, verdict, text } = await environmentFixture();
  await put('.env', 'PASSWORD=\nPASSWORD=\n');
  expect(await verdict()).toMatchObject({
    state: 'absent',
    output: { warnings: [{ kind: 'duplicate', variable: 'PASSWORD' }] },
  });
  await write();
  expect(await text('.env')).toMatch(/^PASSWORD=(\w{24})\nPASSWORD=\1\n/);
  expect(await verdict()).toMatchObject({ state: 'in-place' });
});

test('a required variable that is missing names the line of the compose file', async () => {
  const { put, verdict } = await environmentFixture();
  await put('compose.yaml', `services:\n  db:\n    image: "x:\${TAG:?which}"\n  web: {image: y}\n`);
  await expect(verdict()).rejects.toMatchObject({
    code: 'RB_ENVIRONMENT',
    why: '.env TAG is set nowhere, and compose.yaml:3 requires it; declare TAG in the platform file, or set it in the environment file',
  });
});
