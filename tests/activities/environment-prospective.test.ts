import { lstat, readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { environmentFixture } from './support/environment.ts';

describe('the prospective file', () => {
  test('shows placeholders for secrets that do not exist yet, and changes nothing else', async () => {
    const { prospective, path, platform } = await environmentFixture();
    expect(await prospective()).toBe(path('env'));
    expect(await readFile(path('env'), 'utf8')).toContain('PORT=80\n');
    expect(await readFile(path('env'), 'utf8')).toContain('PASSWORD=to-be-generated\n');
    expect((await lstat(path('env'))).mode & 0o777).toBe(0o600);
    expect(await readdir(platform.directory)).toEqual(['compose.yaml', 'env']);
  });

  test('is the platform’s own where nothing changes', async () => {
    const { prospective, write, path } = await environmentFixture();
    await write();
    expect(await prospective()).toBe(path('.env'));
  });
});
