import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { codecEndpoint, rotateKey } from '../../../src/client/commands/codec.ts';
import { codecServer } from '../../../src/client/doctor/codec-checks.ts';
import { startUpCodec } from '../../../src/client/up/codec.ts';
import { claimNote, ownProcessId } from '../../../src/client/up/note.ts';
import { serverArguments } from '../../../src/client/up/temporal-cli.ts';
import { codecToken } from '../../../src/codec/endpoint.ts';
import { addKey, readKeys } from '../../../src/codec/key-file.ts';
import { temporaryFolder } from '../../worker/support/temporary-folder.ts';
import { recordSession } from '../support/recorder.ts';

async function upCodec(directory: string, env: Record<string, string> = {}, port = 0) {
  const codec = await startUpCodec({ directory, env, port, uiPort: 8233 });
  onTestFinished(() => codec.server.close());
  return codec;
}

/** A note as this process would leave it if it were `up`. */
async function noteUp(directory: string, codecPort: number): Promise<void> {
  await claimNote(directory, {
    schema: 'runbook.up/v1',
    supervisor: await ownProcessId(),
    address: '127.0.0.1:1',
    namespace: 'default',
    uiPort: 8233,
    codecPort,
    adopted: false,
    ready: true,
    children: {},
  });
}

test('makes key and token, and tells the server where it is in a file and not in an argument', async () => {
  const directory = await temporaryFolder();
  const { server, serverSettings } = await upCodec(directory);
  const token = await codecToken(directory);
  expect(JSON.parse(await readFile(serverSettings, 'utf8'))).toEqual({
    env: { runbook: { 'ui-codec-endpoint': `http://127.0.0.1:${server.port}/${token}` } },
  });
  for (const name of await readdir(directory)) {
    expect((await stat(join(directory, name))).mode & 0o777, name).toBe(0o600);
  }
  const args = serverArguments({
    ...{ directory, port: 7, uiPort: 8, namespace: 'default' },
    serverSettings,
  });
  expect(args.join(' ')).toContain(`--env-file ${serverSettings} --env runbook`);
  expect(args.join(' ')).not.toContain(token);
});

test('makes no key when the codec is off', async () => {
  const directory = await temporaryFolder();
  await upCodec(directory, { RUNBOOK_CODEC: 'off' });
  expect(await readKeys(join(directory, 'codec-keys'))).toBeUndefined();
});

test('says who has its port', async () => {
  const stranger = createServer().listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  onTestFinished(() => void stranger.close());
  const { port } = stranger.address() as { port: number };
  await expect(upCodec(await temporaryFolder(), {}, port)).rejects.toMatchObject({
    code: 'RB_PORT_TAKEN',
    why: expect.stringContaining(`pid ${process.pid}`),
    fix: expect.stringContaining('--codec-port'),
  });
});

test('the command codec prints its address while up runs', async () => {
  const directory = await temporaryFolder();
  const { session, stdout } = recordSession({ env: { RUNBOOK_STATE_DIR: directory } });
  await expect(codecEndpoint({}, session)).rejects.toMatchObject({ code: 'RB_CODEC_NOT_UP' });
  const { server } = await upCodec(directory);
  await noteUp(directory, server.port);
  await codecEndpoint({}, session);
  expect(stdout.text).toBe(`http://127.0.0.1:${server.port}/${await codecToken(directory)}\n`);
});

test('the command codec rotate adds a key, and says so', async () => {
  const directory = await temporaryFolder();
  const { session, stderr } = recordSession({ env: { RUNBOOK_STATE_DIR: directory } });
  await rotateKey({}, session);
  await rotateKey({}, session);
  const keys = await readKeys(join(directory, 'codec-keys'));
  expect(keys).toHaveLength(2);
  expect(stderr.text).toContain(`the key ${keys?.at(-1)?.id} encrypts from now on`);
});

test('the doctor asks it, and sees when it has other keys', async () => {
  const directory = await temporaryFolder();
  const { server } = await upCodec(directory);
  const check = async (env: Record<string, string>) => {
    const { session } = recordSession({ env: { RUNBOOK_STATE_DIR: directory, ...env } });
    return codecServer({ session, connecting: Promise.resolve({ error: 'none' }) });
  };
  expect(await check({})).toMatchObject({ verdict: 'warn' });
  await noteUp(directory, server.port);
  expect(await check({})).toMatchObject({ verdict: 'ok', observed: `127.0.0.1:${server.port}` });
  const RUNBOOK_CODEC_KEY_FILE = join(directory, 'other-keys');
  await addKey(RUNBOOK_CODEC_KEY_FILE);
  expect(await check({ RUNBOOK_CODEC_KEY_FILE })).toMatchObject({
    verdict: 'fail',
    observed: expect.stringContaining('which is not known here'),
  });
});
