import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createResolveActivities } from '../../src/activities/resolve.ts';

const fileOf = (name: string, kind = 'container') =>
  `schema: runbook.platform/v1\nname: ${name}\ncompose: { project: ${name} }\nservices:\n  web: { kind: ${kind} }\n`;
const brokenFile = fileOf('shop').replace('services:', 'servcies:');

/** A host whose worker was started with a file of each text; one without a text is not there. */
function hostWith(texts: readonly (string | undefined)[], defaultPlatform?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'rbtest-load-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const platformFiles = texts.map((text, index) => {
    mkdirSync(join(folder, `${index}`));
    const file = join(folder, `${index}`, 'platform.yaml');
    if (text !== undefined) writeFileSync(file, text);
    return file;
  });
  const { checkRequest } = createResolveActivities({
    ...{ stateDirectory: join(folder, 'state'), platformFiles, defaultPlatform },
    definitionsDirectory: join(import.meta.dirname, '../../runbooks'),
    codeVersion: 'test',
    heartbeatTimeoutMs: 8000,
  });
  return (request: object) => checkRequest({ runbook: 'verify-platform', request });
}

test('a file that is wrong or gone does not keep runs from the platforms of the others', async () => {
  for (const wrong of [brokenFile, ': [', undefined, fileOf('shop', 'no-such-kind')]) {
    const check = hostWith([fileOf('lab'), wrong]);
    expect(await check({ platform: 'lab' })).toEqual({ platform: 'lab' });
  }
});

test('a run on the platform of such a file is refused with its place', async () => {
  const check = hostWith([fileOf('lab'), brokenFile]);
  expect(await check({ platform: 'shop' })).toMatchObject({
    refused: {
      code: 'RB_FILE_INVALID',
      why: expect.stringMatching(/1\/platform\.yaml:4:1 servcies: expected a known key/),
    },
  });
});

test('what is left is not taken for the only platform: a run has to name it', async () => {
  expect(await hostWith([fileOf('lab'), brokenFile])({})).toMatchObject({
    refused: {
      code: 'RB_INPUT_INVALID',
      why: expect.stringMatching(/expected "lab" \(not read: .*1\/platform.yaml has .*problem/),
    },
  });
  expect(await hostWith([fileOf('lab'), brokenFile], 'lab')({})).toEqual({ platform: 'lab' });
  expect(await hostWith([fileOf('lab'), brokenFile], 'shop')({})).toMatchObject({
    refused: { code: 'RB_FILE_INVALID' },
  });
});

test('where no file is left every run is refused with what is wrong with the first', async () => {
  const check = hostWith([undefined, brokenFile]);
  expect(await check({ platform: 'lab' })).toMatchObject({
    refused: { code: 'RB_PLATFORM_UNREADABLE' },
  });
});

test('of two files with one name none is served, and the others are', async () => {
  const check = hostWith([fileOf('lab'), fileOf('shop'), fileOf('shop')]);
  expect(await check({ platform: 'lab' })).toEqual({ platform: 'lab' });
  expect(await check({ platform: 'shop' })).toMatchObject({
    refused: { code: 'RB_PLATFORM_TWICE' },
  });
});
