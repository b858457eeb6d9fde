import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createReleaseActivities } from '../../src/activities/release.ts';
import { createReleaseStore } from '../../src/activities/release-store.ts';
import { type TestRun, testRun } from './test-platform-run.ts';

function firstRun() {
  const run = testRun({ web: 'v1' });
  run.world.images.set('web:1', 'image-1');
  return run;
}
const activities = (run: TestRun) => createReleaseActivities(run.deps);
const record = (run: TestRun) => run.call((ctx) => activities(run).recordRelease(ctx, {}));
const verdict = (run: TestRun) => run.call((ctx) => activities(run).releaseVerdict(ctx, {}));
const goBack = (run: TestRun) => run.call((ctx) => activities(run).restorePreviousRelease(ctx, {}));
const releases = (run: TestRun) => join(run.deps.stateDirectory, 'platforms/mini/releases');

describe('a release', () => {
  test('is recorded once, readable by the worker only, and its images are held', async () => {
    const run = firstRun();
    expect(await verdict(run)).toMatchObject({ state: 'absent', now: 'no release recorded' });
    expect(await record(run)).toMatchObject({ number: 1, run: 'run-1', changed: true });
    expect(await record(run)).toMatchObject({ number: 1, changed: false });
    expect(await verdict(run)).toMatchObject({ state: 'in-place' });
    expect(statSync(join(releases(run), '1/compose.json')).mode & 0o777).toBe(0o600);
    expect(run.world.images.get('runbook-release/mini:1-1')).toBe('image-1');
  });

  test('follows when the configuration or an image changes', async () => {
    const run = firstRun();
    await record(run);
    run.world.images.set('web:1', 'image-2');
    expect(await verdict(run)).toMatchObject({ state: 'absent' });
    expect(await record(run.another('run-2'))).toMatchObject({ number: 2 });
    const third = run.another('run-3');
    third.pin({ web: 'v2' });
    expect(await record(third)).toMatchObject({ number: 3 });
  });

  test('written by an attempt that died before the pointer moved is not written twice', async () => {
    const run = firstRun();
    await record(run);
    const second = run.another('run-2');
    second.pin({ web: 'v2' });
    await record(second);
    await createReleaseStore(run.deps.stateDirectory, 'mini').pointAt(1);
    expect(await record(second)).toMatchObject({ number: 2, changed: true });
    expect(existsSync(join(releases(run), '3'))).toBe(false);
  });

  test('is taken back only by the run that made it', async () => {
    const run = firstRun();
    await record(run);
    const second = run.another('run-2');
    second.pin({ web: 'v2' });
    await record(second);
    expect(await goBack(run)).toEqual({ current: 2, changed: false });
    expect(await goBack(second)).toEqual({ current: 1, changed: true });
    expect(await goBack(second)).toEqual({ current: 1, changed: false });
    expect(await goBack(run)).toEqual({ current: null, changed: true });
    expect(await verdict(run)).toMatchObject({ now: 'no release recorded' });
  });

  test('that was half written by a run that was ended goes with its undo', async () => {
    const run = firstRun();
    const draft = join(releases(run), 'draft-run-1');
    mkdirSync(draft, { recursive: true });
    await goBack(run.another('run-2'));
    expect(existsSync(draft)).toBe(true);
    expect(await goBack(run)).toEqual({ current: null, changed: false });
    expect(existsSync(draft)).toBe(false);
  });

  test('of long ago goes, with the names that held its images', async () => {
    const run = firstRun();
    for (let n = 1; n <= 12; n++) {
      run.world.images.set('web:1', `image-${n}`);
      await record(run.another(`run-${n}`));
    }
    expect(existsSync(join(releases(run), '1'))).toBe(false);
    expect(existsSync(join(releases(run), '2'))).toBe(true);
    expect(run.world.images.has('runbook-release/mini:1-1')).toBe(false);
    expect(readFileSync(join(releases(run), 'current'), 'utf8')).toBe('12\n');
  });
});
