import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { limits } from '../../src/shared/limits.ts';
import { AttemptLog, type Redact } from '../../src/worker/attempt-log.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const asItIs: Redact = (text) => text;
const hide: Redact = (text) => text.replaceAll('canary77', '[redacted]');

async function logWith(redact: () => Promise<Redact> = async () => asItIs) {
  const path = join(await temporaryFolder(), 'logs', 'attempt.log');
  return { log: new AttemptLog(path, redact), path, text: () => readFile(path, 'utf8') };
}

test('writes lines in the order in which they came, each once', async () => {
  const { log, text } = await logWith();
  log.add('one');
  log.add('two');
  await log.flush();
  log.add('three');
  await log.flush();
  await log.flush();
  expect(await text()).toBe('one\ntwo\nthree\n');
  expect(log.lastWords()).toBe('one\ntwo\nthree\n');
});

test('makes no file for an attempt that prints nothing', async () => {
  const { log, text } = await logWith();
  await log.flush();
  await expect(text()).rejects.toThrow('ENOENT');
  expect(log.lastWords()).toBe('');
});

test('keeps its file and folder from others', async () => {
  const { log, path } = await logWith();
  log.add('one');
  await log.flush();
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(dirname(path))).mode & 0o777).toBe(0o700);
});

test('a secret reaches neither the file nor the last words', async () => {
  const { log, text } = await logWith(async () => hide);
  log.add('the password is canary77');
  await log.flush();
  expect(await text()).toBe('the password is [redacted]\n');
  expect(log.lastWords()).toBe('the password is [redacted]\n');
});

test('asks for the secrets at each flush, for an attempt may mint one', async () => {
  let redact = asItIs;
  const { log, text } = await logWith(async () => redact);
  log.add('before');
  await log.flush();
  redact = hide;
  log.add('canary77');
  await log.flush();
  expect(await text()).toBe('before\n[redacted]\n');
});

test('keeps lines for the next flush when the secrets cannot be read', async () => {
  let readable = false;
  const { log, text } = await logWith(async () => {
    if (!readable) throw new Error('no store');
    return asItIs;
  });
  log.add('one');
  await expect(log.flush()).rejects.toThrow('no store');
  readable = true;
  log.add('two');
  await log.flush();
  expect(await text()).toBe('one\ntwo\n');
});

test('a flush waits for the one before, so that an attempt ends with its last words', async () => {
  const store = Promise.withResolvers<Redact>();
  const { log, text } = await logWith(() => store.promise);
  log.add('one');
  const beat = log.flush();
  log.add('two');
  const end = log.flush();
  store.resolve(asItIs);
  await end;
  expect(log.lastWords()).toBe('one\ntwo\n');
  expect(await text()).toBe('one\ntwo\n');
  await beat;
});

test('takes what fits to the byte, and says once that it was cut', async () => {
  const { log, text } = await logWith();
  const line = 'x'.repeat(limits.logBytes / 2 - 1);
  log.add(line);
  log.add(line);
  log.add('');
  log.add('more');
  await log.flush();
  expect(await text()).toBe(`${line}\n${line}\n(output cut here)\n`);
});

test('cuts a line that is too long by itself', async () => {
  const { log, text } = await logWith();
  log.add('é'.repeat(limits.logBytes / 2));
  await log.flush();
  expect(await text()).toBe('(output cut here)\n');
});

test('the last words are the end of the output, in bytes, whole characters only', async () => {
  const { log } = await logWith();
  log.add('ab');
  for (let line = 1; line <= 2000; line++) log.add('👋é');
  log.add('the end');
  await log.flush();
  const words = log.lastWords();
  expect(words.endsWith('👋é\nthe end\n')).toBe(true);
  const bytes = Buffer.byteLength(words);
  expect(bytes).toBeLessThanOrEqual(limits.outputTailBytes);
  expect(bytes).toBeGreaterThan(limits.outputTailBytes - 8);
  expect(words.isWellFormed()).toBe(true);
});
