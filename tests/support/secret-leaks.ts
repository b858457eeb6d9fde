import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { execa } from 'execa';
import { decodedHistory, textWithBytes } from './decoded-history.ts';
import { formsOf } from './secret-forms.ts';

/** The values of a platform's secrets by name and version, from its store. */
export async function secretValues(directory: string): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  for (const path of await filesBelow(join(directory, '.secrets', 'store'))) {
    if (!/\/v\d+$/.test(path)) continue;
    values.set(path.split('/').slice(-2).join('@'), await readFile(path, 'utf8'));
  }
  return values;
}

/** A run's history with its payloads as the text they hold. */
export async function historyText(handle: WorkflowHandle): Promise<string> {
  return textWithBytes(await decodedHistory(handle));
}

/** Every file below a folder by its path; none where there is no folder, and empty ones of what goes meanwhile. */
export async function textsBelow(directory: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const path of await filesBelow(directory))
    texts.set(path, await readFile(path, 'latin1').catch(() => ''));
  return texts;
}

/** What containers show to others: what Docker tells of them, what they printed, what /proc tells of their processes. */
export async function containerTexts(
  containers: readonly { readonly id: string; readonly service: string }[],
): Promise<readonly (readonly [place: string, text: string])[]> {
  const texts: [string, string][] = [];
  for (const { id, service } of containers) {
    const { stdout: facts } = await execa('docker', ['inspect', id]);
    const { all: log } = await execa('docker', ['logs', id], { all: true });
    texts.push([`docker inspect ${service}`, facts], [`the log of ${service}`, log]);
    // Refused for one that has ended.
    const top = await execa('docker', ['top', id, '-o', 'pid'], { reject: false });
    for (const pid of top.stdout.match(/^\s*\d+$/gm) ?? []) {
      for (const file of ['cmdline', 'environ']) {
        const text = await readFile(`/proc/${pid.trim()}/${file}`, 'latin1').catch(() => '');
        texts.push([`${file} of a process of ${service}`, text]);
      }
    }
  }
  return texts;
}

/** Which secret stands where, in whatever form; no value. */
export function leaks(
  values: ReadonlyMap<string, string>,
  places: Iterable<readonly [place: string, text: string]>,
): string[] {
  const forms = [...values].map(([name, value]) => [name, formsOf(value)] as const);
  return [...places].flatMap(([place, text]) =>
    forms
      .filter(([, own]) => own.some((form) => text.includes(form)))
      .map(([name]) => `${name} in ${place}`),
  );
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
