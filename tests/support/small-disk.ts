import { closeSync, openSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

const pageBytes = 4096;

/** Room for what a hundred runs leave: the disk is full when the test says so, and at no other time. */
const size = { mebibytes: 32, inodes: 16_000 };

/** Why no disk can be mounted here; undefined where it can. */
export async function mountProblem(): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'rbtest-mount-'));
  try {
    const disk = await SmallDisk.over(folder);
    await disk.remove();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.split('\n')[0] : String(error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A small disk in the place of a folder, with what was in it; a test fills it as it likes. */
export class SmallDisk {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async over(directory: string): Promise<SmallDisk> {
    const aside = await mkdtemp(join(tmpdir(), 'rbtest-aside-'));
    try {
      await cp(directory, aside, { recursive: true });
      const options = `size=${size.mebibytes}m,nr_inodes=${size.inodes}`;
      await execa('mount', ['-t', 'tmpfs', '-o', options, 'rbtest', directory]);
      await cp(aside, directory, { recursive: true });
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
    return new SmallDisk(directory);
  }

  /** Leaves room for so many pages of 4 KiB: the next writes succeed, and then none. */
  fill(freePages = 0): void {
    const file = openSync(this.ballast, 'w');
    try {
      for (const page = Buffer.alloc(pageBytes); ; ) writeSync(file, page);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
    if (freePages > 0) this.shorten(freePages);
  }

  /** No file can be made any more, although there is room in those that are there. */
  useUpInodes(): void {
    try {
      for (let index = 0; ; index += 1) closeSync(openSync(`${this.ballast}.${index}`, 'w'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }

  free(): void {
    rmSync(this.ballast, { force: true });
    for (let index = 0; index < size.inodes; index += 1) {
      rmSync(`${this.ballast}.${index}`, { force: true });
    }
  }

  /** As a disk that its kernel does not trust any more. */
  async readOnly(on: boolean): Promise<void> {
    await execa('mount', ['-o', `remount,${on ? 'ro' : 'rw'}`, this.directory]);
  }

  /** Lazily: a container may still see it. */
  async remove(): Promise<void> {
    await execa('umount', ['--lazy', this.directory]);
  }

  private get ballast(): string {
    return join(this.directory, '.rbtest-ballast');
  }

  private shorten(pages: number): void {
    const size = statSync(this.ballast).size;
    truncateSync(this.ballast, Math.max(0, size - pages * pageBytes));
  }
}
