import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isChangedSince } from '../../src/activities/later-changes.ts';

/** A state directory with the folder of a run that began its last act at 1000 s. */
function runs() {
  const root = mkdtempSync(join(tmpdir(), 'rbtest-runs-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const add = (name: string, actedS: number | undefined, files: Record<string, object> = {}) => {
    const directory = join(root, name);
    mkdirSync(directory);
    for (const [file, content] of Object.entries(files)) {
      writeFileSync(join(directory, file), JSON.stringify(content));
    }
    if (actedS === undefined) return directory;
    mkdirSync(join(directory, 'acted'));
    utimesSync(join(directory, 'acted'), actedS, actedS);
    return directory;
  };
  const own = add('own', 1000, { 'platform.json': { name: 'lab' } });
  return { add, isChanged: () => isChangedSince(own, 'lab') };
}

const report = (platform: string, changed: boolean) => ({ 'report.json': { platform, changed } });

test('a later run that changed the platform counts', async () => {
  const { add, isChanged } = runs();
  expect(await isChanged()).toBe(false);
  add('later', 2000, report('lab', true));
  expect(await isChanged()).toBe(true);
});

test('an earlier one does not, nor one that only read, undid all, or worked elsewhere', async () => {
  const { add, isChanged } = runs();
  add('earlier', 500, report('lab', true));
  add('read', undefined, report('lab', false));
  add('undone', 2000, report('lab', false));
  add('elsewhere', 2000, report('prod', true));
  expect(await isChanged()).toBe(false);
});

test('one without a report is at work, or gone itself', async () => {
  const { add, isChanged } = runs();
  add('elsewhere', 2000, { 'platform.json': { name: 'prod' } });
  expect(await isChanged()).toBe(false);
  add('at-work', 2000, { 'platform.json': { name: 'lab' } });
  expect(await isChanged()).toBe(true);
});
