import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type WrittenService, writtenCompose } from '../../shared/compose-services.ts';
import { limits } from '../../shared/limits.ts';
import { membersOf, type PlatformFile } from '../../shared/platform-file.ts';

/** The compose services that a platform file does not name, with the kind by which a run judges them. */
export async function undescribedServices(
  { compose, services }: PlatformFile,
  directory: string,
): Promise<readonly { readonly name: string; readonly kind: string }[]> {
  const named = new Set(
    Object.entries(services).flatMap(([name, service]) => membersOf(name, service)),
  );
  const written = await readServices(compose.files.map((file) => join(directory, file)));
  const awaited = new Set(written.flatMap(({ waitsForEndOf }) => waitsForEndOf));
  const isPart = (name: string) =>
    written
      .filter((service) => service.name === name)
      .every(
        ({ profiles }) =>
          profiles.length === 0 || profiles.some((profile) => compose.profiles.includes(profile)),
      );
  return [...new Set(written.map(({ name }) => name))]
    .filter((name) => !named.has(name) && isPart(name))
    .map((name) => ({ name, kind: awaited.has(name) ? 'one-shot' : 'container' }));
}

/** Of the files and those that they include; a file that is only extended from adds no service. */
async function readServices(files: readonly string[]): Promise<readonly WrittenService[]> {
  const found: WrittenService[] = [];
  const seen = new Set<string>();
  const open = [...files];
  for (
    let path = open.shift();
    path !== undefined && seen.size < limits.composeFiles;
    path = open.shift()
  ) {
    if (seen.has(path)) continue;
    seen.add(path);
    const { services, includes } = writtenCompose(await readFile(path, 'utf8').catch(() => ''));
    found.push(...services);
    const folder = dirname(path);
    open.push(...includes.map((file) => join(folder, file)));
  }
  return found;
}
