import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contextDigest } from '../../../src/activities/docker/build-context.ts';
import { createIgnore } from '../../../src/activities/docker/docker-ignore.ts';

let context = '';
const write = (path: string, text: string) => writeFileSync(join(context, path), text);
const digest = (changes: object = {}) => contextDigest({ context, ...changes });

beforeEach(() => {
  context = mkdtempSync(join(tmpdir(), 'rbtest-context-'));
  mkdirSync(join(context, 'sub'));
  write('Dockerfile', 'FROM debian\n');
  write('sub/file', 'one');
});
afterEach(() => rmSync(context, { recursive: true }));

describe('the digest of a build', () => {
  test('stays when nothing that the build reads has changed', async () => {
    const before = await digest();
    utimesSync(join(context, 'sub/file'), 1, 1);
    expect(await digest({ labels: { 'runbook.context': before } })).toBe(before);
  });

  test.for<[string, () => void]>([
    ['content', () => write('sub/file', 'two')],
    ['a new file', () => write('sub/new', '')],
    ['the Dockerfile', () => write('Dockerfile', 'FROM debian:2\n')],
    ['a mode', () => chmodSync(join(context, 'sub/file'), 0o755)],
  ])('changes with %s', async ([, change]) => {
    const before = await digest();
    change();
    expect(await digest()).not.toBe(before);
  });

  test('changes with arguments, target and parents', async () => {
    const all = [
      await digest(),
      await digest({ args: { A: '1' } }),
      await digest({ target: 'x' }),
      await contextDigest({ context }, ['parent']),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  test('ignores what .dockerignore names', async () => {
    write('.dockerignore', 'sub\n*.log\n');
    const before = await digest();
    write('sub/file', 'two');
    write('a.log', 'x');
    expect(await digest()).toBe(before);
  });

  test('says where a Dockerfile should be', async () => {
    await expect(digest({ dockerfile: 'Missing' })).rejects.toMatchObject({
      code: 'RB_BUILD_FAILED',
      retry: 'never',
    });
  });
});

test.for([
  ['node_modules', 'node_modules/a/b', true],
  ['node_modules', 'src/node_modules', false],
  ['**/node_modules', 'src/node_modules/x', true],
  ['**/node_modules', 'node_modules', true],
  ['*.md', 'README.md', true],
  ['*.md', 'docs/README.md', false],
  ['/dist/', 'dist/x', true],
  ['*\n!entrypoint', 'entrypoint', false],
  ['*\n!entrypoint', 'other', true],
  ['# comment\n\na?c', 'abc', true],
  ['a.c', 'abc', false],
] as const)('.dockerignore %j and %s: ignored %s', ([rules, path, ignored]) => {
  expect(createIgnore(rules).ignores(path)).toBe(ignored);
});
