import { execa } from 'execa';

/** The files of a folder that `git add` would take. */
export async function seenByGit(directory: string): Promise<readonly string[]> {
  await execa('git', ['init', '--quiet', directory]);
  const { stdout } = await execa('git', ['ls-files', '--others', '--exclude-standard'], {
    cwd: directory,
  });
  return stdout.split('\n').filter(Boolean);
}
